import type { CircuitEvidence, Evidence, StageEvidence } from '../../src/evidence.js'
import type { CaseEvidence, CaseName } from '../../src/exhaustion.js'
import resourceExhaustion from '../../src/scenarios/resource-exhaustion.js'
import { evidence, latency, stage, transitions, worker } from '../evidence-builder.js'

/** What a test changes of one case. */
export interface CaseChanges {
  readonly told?: Partial<CaseEvidence>
  readonly before?: Partial<StageEvidence>
  readonly usedUp?: Partial<StageEvidence>
  readonly after?: Partial<StageEvidence>
  readonly circuit?: Partial<CircuitEvidence>
  readonly lost?: number
  readonly evidence?: Partial<Evidence>
}

const signs: Readonly<Record<CaseName, Readonly<Record<string, number>>>> = {
  'worker-heap': { ERR_WORKER_OUT_OF_MEMORY: 12 },
  'process-heap': { 'out of memory': 1 },
  'file-descriptors': { EMFILE: 40 },
  sockets: { EADDRINUSE: 40 },
  'event-loop': { 'late timer': 9 },
  cpu: { starved: 30 },
  disk: { ENOSPC: 40 },
  'worker-killed': { terminated: 4 },
}

/** One case on the shared breaker that went as it should: well, used up and open, closed, well again. */
export function exhausted(name: CaseName = 'disk', changes: CaseChanges = {}): Evidence {
  const { lost = 0 } = changes
  return evidence({
    plan: resourceExhaustion.plan({ cases: [name] }),
    stages: [
      stage(`${name}: warm-up`, 'warm-up', 0, 300, { success: 300 }),
      { ...stage(`${name}: settled`, 'warm-up', 1000, 0, {}), endedAtMs: 1000 },
      { ...stage(`${name}: before`, 'steady', 1000, 500, { success: 500 }), ...changes.before },
      { ...stage(`${name}: used up`, 'outage', 2000, 500, { error: 22, refused: 478 }), ...changes.usedUp },
      stage(`${name}: given back`, 'recovery', 3000, 10, { success: 10 }),
      { ...stage(`${name}: recovery`, 'recovery', 4000, 0, {}), endedAtMs: 4000 },
      { ...stage(`${name}: after`, 'steady', 4000, 500, { success: 500 }), ...changes.after },
      stage('drain', 'drain', 5000, 0, {}),
    ],
    workers: [
      worker(0, 905, { success: 655, error: 11, refused: 239 }, { process: 0 }),
      worker(1, 905 + lost, { success: 655, error: 11, refused: 239 }, { process: 0, lost }),
    ],
    circuits: [
      {
        view: 'shared',
        process: 0,
        transitions: transitions(),
        lost: 0,
        finalState: 'closed',
        slotsHeld: 0,
        ...changes.circuit,
      },
    ],
    downstream: { kind: 'resources', receivedByStage: [300, 0, 500, 22, 10, 0, 500, 0], received: 1332 },
    exhaustion: {
      cases: [
        {
          case: name,
          process: { end: 'reported', exitCode: 0, endedByItself: true },
          signs: signs[name],
          descriptors: { peak: 60, limit: 1024 },
          left: { files: 0, descriptors: 0, threads: 0, handles: {} },
          ...changes.told,
        },
      ],
    },
    ...changes.evidence,
  })
}

/** A process that ended without a word: nothing of its circuit is known. */
export function aborted(name: CaseName = 'process-heap', told: Partial<CaseEvidence> = {}): Evidence {
  const usual = exhausted(name)
  const empty = usual.stages.map((one) => ({
    ...stage(one.name, one.role, 0, 0, {}),
    endedAtMs: 0,
    latency: latency(0, 0),
  }))
  const process = {
    end: 'ended',
    signal: 'SIGABRT',
    endedByItself: true,
    lastWords: 'FATAL ERROR: out of memory',
  } as const
  return {
    ...usual,
    stages: empty,
    workers: [],
    circuits: [],
    exhaustion: { cases: [{ case: name, process, signs: signs[name], ...told }] },
  }
}
