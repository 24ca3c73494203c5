import type { Report } from '../report.js'
import { overheadFigures } from '../reporting/overhead.js'
import { steadyFigures } from '../reporting/steady.js'

/** What is compared of two runs of one plan. */
export interface Metric {
  readonly name: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  /** Whether the machine's speed is in it, so that it is told in units of the reference workload of the same run. */
  readonly scales: boolean
  /** One that only informs never fails a gate: it is too noisy to. */
  readonly gates: boolean
  readonly of: (report: Report) => number | undefined
}

/**
 * Percentiles beyond the 95th inform only: of the same against the same, the 99th of one run is 10 % worse a third of the time.
 * A closed load that waits for its backend is as fast as the backend, so its throughput isn't scaled by the machine's speed.
 */
export const metrics: readonly Metric[] = [
  {
    name: 'throughput',
    unit: '/s',
    better: 'higher',
    scales: false,
    gates: true,
    of: (report) => measured(report, (figures) => figures.throughputPerSecond),
  },
  { name: 'p50', unit: 'ms', better: 'lower', scales: false, gates: true, of: (report) => latency(report, 'p50Ms') },
  { name: 'p95', unit: 'ms', better: 'lower', scales: false, gates: true, of: (report) => latency(report, 'p95Ms') },
  { name: 'p99', unit: 'ms', better: 'lower', scales: false, gates: false, of: (report) => latency(report, 'p99Ms') },
  {
    name: 'guarded call',
    unit: 'bare calls',
    better: 'lower',
    scales: false,
    gates: true,
    of: ({ evidence: { overhead, plan } }) => {
      if (!overhead || overhead.bareNs.length === 0) return undefined
      const { bareNs, guardedNs } = overheadFigures(overhead, plan)
      return guardedNs / bareNs
    },
  },
  {
    name: 'guarded ns',
    unit: 'ns',
    better: 'lower',
    scales: true,
    gates: false,
    of: ({ evidence: { overhead, plan } }) => {
      return overhead && overhead.bareNs.length > 0 ? overheadFigures(overhead, plan).guardedNs : undefined
    },
  },
]

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
