import type { Evidence, LatencySummary, StageEvidence } from '../../evidence.js'
import { type Chart, type ChartLine, short } from './chart.js'
import type { ChartFigure } from './figure.js'

/** From here on a line that begins at zero hides what is quick. */
const ratioOfLogarithm = 30
/** The histograms know nothing shorter, and a logarithm knows no zero. */
const leastMs = 0.001

/** The distribution of latencies, one line a stage: of the calls that were let through, and of the refusals, if there were any. */
export function latencyCharts(evidence: Evidence): ChartFigure[] {
  return [
    ...chartOf(evidence, 'Latency of the calls let through', ({ latency }) => latency),
    ...chartOf(evidence, 'Latency of the refusals', ({ refusalLatency }) => refusalLatency),
  ]
}

function chartOf(
  { stages }: Evidence,
  title: string,
  latencyOf: (stage: StageEvidence) => LatencySummary,
): ChartFigure[] {
  const counted = stages.filter((stage) => latencyOf(stage).percentiles.length > 0)
  if (counted.length === 0) return []
  const curves = counted.map((stage) => curve(latencyOf(stage)))
  const x = [...new Set(curves.flatMap((points) => [...points.keys()]))].sort((a, b) => a - b)
  const all = curves.flatMap((points) => [...points.values()])
  const [least, most] = [all.reduce((a, b) => Math.min(a, b)), all.reduce((a, b) => Math.max(a, b))]
  const kind = most / least > ratioOfLogarithm ? 'logarithmic' : 'from-zero'
  const chart: Chart = {
    across: 'percentile',
    x,
    lines: counted.map((stage, index): ChartLine => {
      const values = x.map((at) => curves[index]?.get(at) ?? null)
      // A stage has one colour, also where another has no calls.
      return { label: stage.name, values, scale: 'left', colour: stages.indexOf(stage) }
    }),
    left: { unit: 'ms', kind },
    stages: [],
    bands: [],
  }
  const scale = kind === 'logarithmic' ? ['Milliseconds by powers of ten.'] : []
  return [
    {
      title,
      description: `${title}: milliseconds at each percentile, one line a stage, from the quickest call to the slowest`,
      chart,
      notes: ['Towards 100 % the axis widens: between two marks are nine tenths of the calls that are left.', ...scale],
    },
  ]
}

/**
 * Milliseconds by where they are drawn. The slowest call has no place on an axis that never comes to 100 %: it is drawn half a
 * call before it, where the percentile is the same.
 */
function curve({ count, percentiles }: LatencySummary): Map<number, number> {
  return new Map(
    percentiles.map(({ percentile, ms }) => {
      const longer = Math.max(1 - percentile / 100, 1 / (2 * count))
      return [Number(-Math.log10(longer).toFixed(4)) + 0, short(Math.max(ms, leastMs))]
    }),
  )
}
