import type { CircuitEvidence, Evidence, TransitionRecord } from '../../src/evidence.js'
import { circuit, evidence, plan, worker } from '../evidence-builder.js'

interface Sampling {
  readonly durationMs: number
  readonly everyMs: number
  readonly workers: number
  /** A breaker in each worker rather than one for all. */
  readonly own: boolean
  /** Of each view of the circuit, evenly over the run. */
  readonly transitions: number
}

/** Evidence of a run that was looked at again and again: figures that go up and down, by rule and not by chance. */
export function sampledEvidence(sampling: Sampling, changes: Partial<Evidence> = {}): Evidence {
  const { durationMs, everyMs, workers, own, transitions } = sampling
  const times = Array.from({ length: Math.floor(durationMs / everyMs) }, (_, index) => (index + 1) * everyMs)
  const views = own ? workers : 1
  let completed = 0
  let refused = 0
  const throughput = times.map((atMs, index) => {
    completed += Math.round(everyMs * (1 + 0.4 * Math.sin(index / 7)))
    refused += index % 5 === 0 ? Math.round(everyMs / 3) : 0
    return { atMs, completed, refused, perSecond: 1000, refusedPerSecond: 60 }
  })
  const samples = times.map((atMs, index) => ({
    atMs,
    residentMb: 90 + 7.123 * Math.sin(index / 11),
    heapMb: Array.from({ length: workers + 1 }, (_, thread) => 5 + thread + 1.234 * Math.sin(index / (3 + thread))),
  }))
  return evidence({
    plan: plan({ target: own ? 'opossum' : 'shared', workers }),
    durationMs,
    workers: Array.from({ length: workers }, (_, index) => worker(index, 1000, { success: 990, refused: 10 })),
    circuits: Array.from({ length: views }, (_, view) => flapping(own ? view : 'shared', transitions, durationMs)),
    throughput,
    memory: { samples, baselineMb: 90, growthMb: 8, threadsGrowthMb: 6 },
    ...changes,
  })
}

/** Closed, open, half-open and closed again, as often as asked. */
function flapping(view: CircuitEvidence['view'], count: number, durationMs: number): CircuitEvidence {
  const states = ['closed', 'open', 'half-open'] as const
  const transitions = Array.from({ length: count }, (_, index): TransitionRecord => {
    const [from = 'closed', to = 'open'] = [states[index % 3], states[(index + 1) % 3]]
    return { from, to, epoch: index + 2, atMs: ((index + 1) * durationMs) / (count + 1), by: index % 8 }
  })
  return circuit({ view, transitions, finalState: states[count % 3] ?? 'closed' })
}
