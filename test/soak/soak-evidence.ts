import type { Evidence, SoakEvidence, SoakRest, SoakSample, SoakThread } from '../../src/evidence.js'
import type { Plan, Stage } from '../../src/plan.js'
import type { GrowthCluster, HeapGrowth } from '../../src/profiler/heap/growth.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { evidence, plan, stage } from '../evidence-builder.js'

/** Index of each stage of the soak below. */
export const Stages = { warmUp: 0, settled: 1, bare: 2, before: 3, soak: 4, after: 5 } as const

const SOAK_BEGAN_MS = 20_000
export const CALLS_PER_SECOND = 100
const NOISE_BYTES = 2000

const stages: Stage[] = [
  { name: 'warm-up', role: 'warm-up', durationMs: 5000 },
  { name: 'settled', role: 'rest', durationMs: 60_000 },
  { name: 'bare', role: 'reference', durationMs: 10_000 },
  { name: 'before', role: 'rest', durationMs: 60_000 },
  { name: 'soak', role: 'steady', durationMs: 60_000 },
  { name: 'after', role: 'rest', durationMs: 60_000 },
]

export function soakedPlan(changes: Partial<Plan> = {}): Plan {
  return plan({
    scenario: 'soak-leak',
    stages,
    marks: { retainedMbMax: 20, retainedBytesPerCallMax: 100 },
    checkers: ['leak-free', 'memory-overhead'],
    soak: { sampleEveryMs: 1000, leastBytesPerSecond: 4096, leastBytes: 1000 },
    ...changes,
  })
}

/** A soak of one minute at 100 calls a second and thread, after one of ten seconds of the bare loop. */
export function soaked(threads: readonly SoakThread[], changes: Partial<Evidence> = {}): Evidence {
  const soak: SoakEvidence = { threads, sharedBytes: 2 ** 20 }
  const at = (name: string, role: Stage['role'], fromMs: number, toMs: number, started: number) => ({
    ...stage(name, role, fromMs, started, { success: started }),
    endedAtMs: toMs,
  })
  return evidence({
    plan: soakedPlan(),
    stages: [
      at('warm-up', 'warm-up', 0, 5000, 500),
      at('settled', 'rest', 5000, 6000, 0),
      at('bare', 'reference', 6000, 16_000, 0),
      at('before', 'rest', 16_000, SOAK_BEGAN_MS, 0),
      at('soak', 'steady', SOAK_BEGAN_MS, 80_000, 60 * CALLS_PER_SECOND),
      at('after', 'rest', 80_000, 81_000, 0),
      { ...stage('drain', 'recovery', 81_000, 0, {}), role: 'drain' },
    ],
    downstream: { kind: 'simulated', receivedByStage: [500, 0, 6000, 0, 6000, 0, 0], received: 12_500 },
    soak,
    ...changes,
  })
}

/** A thread whose retained bytes follow `heldAt` (seconds into the soak), with 2 KB of noise from a seed. */
export function thread(
  name: string,
  heldAt: (second: number) => number,
  changes: Partial<SoakThread> & { readonly bare?: (second: number) => number; readonly seconds?: number } = {},
): SoakThread {
  const { bare = () => 0, seconds = 60, ...others } = changes
  const random = seededRandom(name.length + 7)
  const base = 8 * 2 ** 20
  const sampleOf = (stageIndex: number, beganMs: number, second: number, bytes: number): SoakSample => ({
    atMs: beganMs + second * 1000,
    stage: stageIndex,
    calls: stageIndex === Stages.soak ? 500 + second * CALLS_PER_SECOND : 500,
    inFlight: 0,
    usedBytes: Math.round(base + bytes + (random.next() - 0.5) * NOISE_BYTES),
    externalBytes: 1000,
    pauseMs: 10,
  })
  const seconds_ = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
  return {
    thread: name,
    heapLimitBytes: 2 ** 32,
    samples: [
      ...seconds_(10).map((second) => sampleOf(Stages.bare, 6000, second, bare(second))),
      ...seconds_(seconds).map((second) => sampleOf(Stages.soak, SOAK_BEGAN_MS, second, heldAt(second))),
    ],
    rests: [
      rest(Stages.settled, base),
      rest(Stages.before, base + bare(10)),
      rest(Stages.after, base + bare(10) + heldAt(seconds)),
    ],
    ...others,
  }
}

export function rest(stageIndex: number, usedBytes: number, changes: Partial<SoakRest> = {}): SoakRest {
  return {
    stage: stageIndex,
    atMs: 0,
    usedBytes,
    externalBytes: 1000,
    pauseMs: 30,
    resources: { handles: { MessagePort: 2 }, timers: 1, ports: 2, listeners: 5, fileDescriptors: 20, threads: 12 },
    ...changes,
  }
}

export function growth(clusters: readonly GrowthCluster[]): HeapGrowth {
  const totals = { objects: 1000, bytes: 100_000 }
  return {
    before: totals,
    after: totals,
    newObjects: totals,
    newBytesByOwner: { target: 0, engine: 0, node: 0 },
    newCodeBytes: 0,
    categories: [{ category: 'objects', countBefore: 10, countAfter: 20, bytesBefore: 1000, bytesAfter: 5000 }],
    classes: [
      {
        name: 'CallRecord',
        category: 'objects',
        countBefore: 0,
        countAfter: 6000,
        newCount: 6000,
        shallowGrowth: 240_000,
        retainedGrowth: 300_000,
      },
    ],
    classesLeftOut: 0,
    clusters: [...clusters],
    clustersLeftOut: { count: 0, objects: 0, bytes: 0 },
  }
}

export function cluster(changes: Partial<GrowthCluster> = {}): GrowthCluster {
  return {
    path: '(root) → AuditTrail.calls → Array[…] → CallRecord',
    field: 'AuditTrail.calls',
    className: 'CallRecord',
    category: 'objects',
    count: 6000,
    objects: 6001,
    shallow: 300_000,
    code: 0,
    retained: 300_000,
    heldBefore: { objects: 1, bytes: 16 },
    heldAfter: { objects: 6001, bytes: 300_016 },
    owner: 'target',
    scripts: ['file:///targets/array-per-call.js'],
    functions: [],
    ...changes,
  }
}
