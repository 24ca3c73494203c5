import type { Report } from '../report.js'
import { steadyFigures } from '../reporting/steady.js'
import { median } from '../statistics/ranks.js'

/** What is compared of two runs of one plan. */
export interface Metric {
  readonly name: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  /** Whether the machine's speed is in it, so that it is told in units of the reference workload of the same run. */
  readonly scales: boolean
  /**
   * Where it may fail a gate: against what was stored, against what was run in turns with it, in both or nowhere, because it is too
   * noisy. One of a kind: the more can fail, the further apart each must be.
   */
  readonly gates: 'always' | 'stored' | 'in turns' | 'never'
  readonly of: (report: Report) => number | undefined
  /** After ÷ before where the two were run in turns; without it, that of the two figures. */
  readonly ofPair?: (before: Report, after: Report) => number | undefined
}

/**
 * Percentiles from the 95th on inform only: of the same against the same, the 95th varies by a tenth, and the 99th of one run is 10 %
 * worse a third of the time. What a call costs is held against the bare call of the same second where the other side was stored, and
 * against the other side's own neighbouring turn where there is one: the bare call's noise has no part in that.
 *
 * A closed load that waits for its backend is as fast as the backend, so its throughput isn't scaled by the machine's speed.
 */
export const metrics: readonly Metric[] = [
  {
    name: 'throughput',
    unit: '/s',
    better: 'higher',
    scales: false,
    gates: 'always',
    of: (report) => measured(report, (figures) => figures.throughputPerSecond),
  },
  {
    name: 'p50',
    unit: 'ms',
    better: 'lower',
    scales: false,
    gates: 'always',
    of: (report) => latency(report, 'p50Ms'),
  },
  { name: 'p95', unit: 'ms', better: 'lower', scales: false, gates: 'never', of: (report) => latency(report, 'p95Ms') },
  { name: 'p99', unit: 'ms', better: 'lower', scales: false, gates: 'never', of: (report) => latency(report, 'p99Ms') },
  {
    name: 'guarded call',
    unit: 'bare calls',
    better: 'lower',
    scales: false,
    gates: 'stored',
    of: ({ evidence: { overhead } }) => overhead && neighbours(overhead.bareNs, overhead.guardedNs),
  },
  {
    name: 'guarded ns',
    unit: 'ns',
    better: 'lower',
    scales: true,
    gates: 'in turns',
    of: ({ evidence: { overhead } }) =>
      overhead && overhead.guardedNs.length > 0 ? median(overhead.guardedNs) : undefined,
    ofPair: ({ evidence: { overhead: before } }, { evidence: { overhead: after } }) =>
      before && after && neighbours(before.guardedNs, after.guardedNs),
  },
]

/** The second ÷ the first, turn by turn: what the machine gave in that moment is in both. Undefined where there were no turns. */
function neighbours(one: readonly number[], other: readonly number[]): number | undefined {
  const rounds = Math.min(one.length, other.length)
  return rounds === 0 ? undefined : median(one.slice(0, rounds).map((ns, round) => (other[round] as number) / ns))
}

type Figures = ReturnType<typeof steadyFigures>

function measured({ evidence }: Report, read: (figures: Figures) => number | undefined): number | undefined {
  const value = evidence.overhead ? undefined : read(steadyFigures(evidence))
  return value !== undefined && value > 0 ? value : undefined
}

/** Of the steady stage in which it is worst. */
function latency({ evidence }: Report, field: 'p50Ms' | 'p95Ms' | 'p99Ms'): number | undefined {
  const steady = evidence.stages.filter(({ role, latency: { count } }) => role === 'steady' && count > 0)
  return evidence.overhead || steady.length === 0 ? undefined : Math.max(...steady.map((stage) => stage.latency[field]))
}
