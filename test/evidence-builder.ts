import type { Checker, Judgement } from '../src/checker.js'
import type {
  CircuitEvidence,
  Evidence,
  LatencySummary,
  Outcomes,
  StageEvidence,
  TransitionRecord,
  WorkerEvidence,
} from '../src/evidence.js'
import type { Plan, Stage } from '../src/plan.js'
import type { Report } from '../src/report.js'

/**
 * Evidence of a run in which all went well: two workers on a shared breaker, through warm-up, a steady stage, an outage
 * and the recovery from it. A test changes one thing and sees what the judges say.
 */
export function evidence(changes: Partial<Evidence> = {}): Evidence {
  return {
    plan: plan(),
    environment: {
      node: 'v20.20.0',
      busbar: '0.1.0',
      platform: 'linux',
      cpuModel: 'a processor',
      cores: 2,
      memoryMb: 8192,
    },
    startedAt: '2026-01-02T03:04:05.678Z',
    durationMs: 4000,
    interrupted: false,
    stages: [
      stage('warm-up', 'warm-up', 0, 100, { success: 100 }),
      stage('steady', 'steady', 1000, 1000, { success: 950, error: 50 }),
      stage('outage', 'outage', 2000, 500, { error: 20, refused: 478, stale: 2 }),
      stage('recovery', 'recovery', 3000, 400, { success: 400 }),
      stage('drain', 'drain', 4000, 0, {}),
    ],
    workers: [
      worker(0, 1000, { success: 725, error: 35, refused: 239, stale: 1 }),
      worker(1, 1000, { success: 725, error: 35, refused: 239, stale: 1 }),
    ],
    circuits: [circuit()],
    downstream: { kind: 'simulated', receivedByStage: [100, 1000, 22, 400, 0], received: 1522 },
    memory: {
      samples: [{ atMs: 1000, residentMb: 90, heapMb: [10, 5, 5] }],
      baselineMb: 80,
      growthMb: 12,
      threadsGrowthMb: 8,
    },
    threads: [],
    throughput: [{ atMs: 1500, completed: 500, refused: 0, perSecond: 1000, refusedPerSecond: 0 }],
    lastErrors: [
      { name: 'DownstreamError', code: 'ERR_DOWNSTREAM_ERROR', message: 'the downstream answered 500', worker: 0 },
      { name: 'DownstreamError', code: 'ERR_DOWNSTREAM_ERROR', message: 'the downstream answered 500', worker: 1 },
    ],
    profiles: [],
    notes: [],
    ...changes,
  }
}

export function plan(changes: Partial<Plan> = {}): Plan {
  return {
    scenario: 'extreme-load-async',
    target: 'shared',
    seed: 1,
    workers: 2,
    operation: 'async',
    load: { model: 'closed', inFlight: 150 },
    stages: [
      plannedStage('warm-up', 'warm-up'),
      { ...plannedStage('steady', 'steady'), requests: 1000 },
      plannedStage('outage', 'outage'),
      plannedStage('recovery', 'recovery'),
    ],
    downstream: {
      kind: 'simulated',
      behaviour: { latency: { type: 'uniform', minMs: 1, maxMs: 10 }, errorRate: 0.05, hangRate: 0, resetRate: 0 },
      faults: [],
      port: 0,
    },
    breaker: {
      slidingWindow: { type: 'consecutive', size: 10 },
      failureRateThreshold: 0.5,
      minimumCalls: 10,
      waitDurationInOpenStateMs: 200,
      permittedNumberOfCallsInHalfOpenState: 3,
    },
    timeoutMs: 1000,
    pauseAfterRefusalMs: 1,
    kills: 0,
    marks: { throughputPerSecondMin: 100, latencyMsP95Max: 100, memoryGrowthMbMax: 100 },
    checkers: ['legal-transitions', 'conservation', 'half-open-admission', 'outage-recovery', 'pass-marks'],
    ...changes,
  }
}

export function plannedStage(name: string, role: Stage['role']): Stage {
  return { name, role, durationMs: 1000 }
}

/** A stage that lasts a second. */
export function stage(
  name: string,
  role: StageEvidence['role'],
  startedAtMs: number,
  started: number,
  ended: Partial<Outcomes>,
): StageEvidence {
  const counted = outcomes(ended)
  const completed = counted.success + counted.error + counted.ignored + counted.stale
  return {
    name,
    role,
    startedAtMs,
    endedAtMs: startedAtMs + 1000,
    started,
    outcomes: counted,
    timeouts: 0,
    intendedMsSum: completed * 5,
    latency: latency(completed, 5),
    refusalLatency: latency(counted.refused, 0.01),
    throughputPerSecond: completed,
    ...(role === 'steady' || role === 'reference' ? { efficiency: 0.95 } : {}),
  }
}

/** Percentiles of the latencies, and what part of their scale they are at. */
const curve = [
  [0, 0.2],
  [50, 1],
  [75, 1.5],
  [95, 2],
  [99, 3],
  [100, 5],
] as const

export function latency(count: number, ms: number): LatencySummary {
  const scale = count === 0 ? 0 : ms
  return {
    count,
    minMs: scale / 5,
    meanMs: scale,
    p50Ms: scale,
    p95Ms: scale * 2,
    p99Ms: scale * 3,
    p999Ms: scale * 4,
    p9999Ms: scale * 4.5,
    maxMs: scale * 5,
    percentiles: count === 0 ? [] : curve.map(([percentile, share]) => ({ percentile, ms: scale * share })),
  }
}

export function worker(
  index: number,
  started: number,
  ended: Partial<Outcomes>,
  changes: Partial<WorkerEvidence> = {},
): WorkerEvidence {
  return {
    worker: index,
    threadId: index + 1,
    end: 'finished',
    started,
    outcomes: outcomes(ended),
    lost: 0,
    firstRefusalAtMs: 2050 + index,
    ...changes,
  }
}

export function outcomes(changes: Partial<Outcomes> = {}): Outcomes {
  return { success: 0, error: 0, ignored: 0, refused: 0, stale: 0, ...changes }
}

/** Opened in the outage, half-open once in vain, closed in the recovery. */
export function circuit(changes: Partial<CircuitEvidence> = {}): CircuitEvidence {
  return {
    view: 'shared',
    transitions: transitions(),
    lost: 0,
    finalState: 'closed',
    outcomes: outcomes({ success: 1450, error: 70, refused: 478, stale: 2 }),
    probes: [
      { epoch: 3, worker: 0, admitted: 2, returned: 0, lost: 0 },
      { epoch: 3, worker: 1, admitted: 1, returned: 0, lost: 0 },
      { epoch: 5, worker: 1, admitted: 3, returned: 0, lost: 0 },
    ],
    ...changes,
  }
}

export function transitions(): TransitionRecord[] {
  return [
    { from: 'closed', to: 'open', epoch: 2, atMs: 2040, by: 1 },
    { from: 'open', to: 'half-open', epoch: 3, atMs: 2240, by: 0 },
    { from: 'half-open', to: 'open', epoch: 4, atMs: 2260, by: 0 },
    { from: 'open', to: 'half-open', epoch: 5, atMs: 3010, by: 1 },
    { from: 'half-open', to: 'closed', epoch: 6, atMs: 3020, by: 1 },
  ]
}

/** The log with one record changed. */
export function transitionsWith(index: number, change: Partial<TransitionRecord>): TransitionRecord[] {
  return transitions().map((record, at) => (at === index ? { ...record, ...change } : record))
}

export function report(changes: Partial<Report> = {}): Report {
  return {
    schemaVersion: 1,
    result: 'valid',
    verdicts: [{ checker: 'conservation', question: 'Is it?', result: 'valid', summary: 'all counted' }],
    skipped: [],
    evidence: evidence(),
    command: 'npx busbar run extreme-load-async --target shared',
    ...changes,
  }
}

/** What a checker says of evidence that it applies to. */
export function judgementOf(checker: Checker, of: Evidence): Judgement {
  const applies = checker.applies?.(of) ?? true
  if (applies !== true) throw new Error(`${checker.name} doesn't apply: ${applies}`)
  return checker.check(of)
}

export function detailsOf(checker: Checker, of: Evidence): string {
  return (judgementOf(checker, of).details ?? []).join('\n')
}
