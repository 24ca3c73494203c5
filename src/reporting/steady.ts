import type { Evidence, Outcomes } from '../evidence.js'

/** What the marks are held against; undefined where nothing was measured. */
export interface SteadyFigures {
  readonly throughputPerSecond: number | undefined
  readonly p95Ms: number | undefined
  readonly p99Ms: number | undefined
  /** Growth of resident memory without what the threads' own heaps account for. */
  readonly ownGrowthMb: number | undefined
  readonly successRate: number | undefined
  readonly processedRate: number | undefined
  /** Achieved ÷ ideal. */
  readonly efficiency: number | undefined
  /** What the bare loop achieved of in flight ÷ mean intended duration; undefined where the plan has no reference. */
  readonly ideal: number | undefined
}

/**
 * The figures of all steady stages together. Percentiles of several stages can't be merged, so the worst stage's stands
 * for all. A call that was lost with its worker can't be told apart by stage, so what was processed is that of the whole run.
 */
export function steadyFigures({ stages, workers, memory }: Evidence): SteadyFigures {
  const steady = stages.filter(({ role }) => role === 'steady')
  const sum = (value: (stage: (typeof steady)[number]) => number) =>
    steady.reduce((all, stage) => all + value(stage), 0)
  const durationMs = sum((stage) => stage.endedAtMs - stage.startedAtMs)
  const ended = sum(({ outcomes }) => endedOf(outcomes))
  const started = workers.reduce((all, worker) => all + worker.started, 0)
  const lost = workers.reduce((all, worker) => all + worker.lost, 0)
  const sampled = steady.filter(({ latency }) => latency.count > 0).map(({ latency }) => latency)
  const rated = steady.filter(({ efficiency }) => efficiency !== undefined)
  const ratedMs = rated.reduce((all, stage) => all + stage.endedAtMs - stage.startedAtMs, 0)
  const bare = stages.filter(({ role }) => role === 'reference').flatMap(({ efficiency: share }) => share ?? [])
  const ideal = ratio(
    bare.reduce((all, share) => all + share, 0),
    bare.length,
  )
  const efficiency = rated.reduce((all, s) => all + (s.efficiency ?? 0) * (s.endedAtMs - s.startedAtMs), 0)
  return {
    throughputPerSecond: ratio(sum(({ outcomes }) => endedOf(outcomes) - outcomes.refused) * 1000, durationMs),
    p95Ms: sampled.length > 0 ? Math.max(...sampled.map(({ p95Ms }) => p95Ms)) : undefined,
    p99Ms: sampled.length > 0 ? Math.max(...sampled.map(({ p99Ms }) => p99Ms)) : undefined,
    ownGrowthMb: memory.samples.length > 0 ? memory.growthMb - memory.threadsGrowthMb : undefined,
    successRate: ratio(
      sum(({ outcomes }) => outcomes.success),
      ended,
    ),
    processedRate: ratio(started - lost, started),
    efficiency: ratedMs > 0 ? ratio(efficiency / ratedMs, ideal ?? 1) : undefined,
    ideal,
  }
}

export function endedOf(outcomes: Outcomes): number {
  return outcomes.success + outcomes.error + outcomes.ignored + outcomes.refused + outcomes.stale
}

function ratio(value: number, of: number): number | undefined {
  return of > 0 ? value / of : undefined
}
