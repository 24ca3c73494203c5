import type { Evidence, ThroughputSample } from '../../evidence.js'
import { number } from '../figures.js'
import { type Chart, type ChartStage, seconds, short } from './chart.js'
import { circuitBands } from './circuit-bands.js'
import type { ChartFigure } from './figure.js'
import { thinned } from './thinning.js'

/** In a run of a minute what comes and goes from sample to sample hides how it goes on the whole. */
const meanFromMs = 60_000

/** Throughput and refusals over time, with the stages behind them and the state of the circuit below. */
export function throughputChart(evidence: Evidence, together: string, pointsMax: number): ChartFigure {
  const { throughput, circuits, durationMs, stages } = evidence
  const rates = ratesOf(throughput)
  const { x, lines } = thinned(rates, pointsMax)
  const [completed = [], refused = [], mean = []] = lines
  const refuses = refused.some((perSecond) => perSecond !== null && perSecond > 0)
  const { bands, notes } = circuitBands(circuits, durationMs)
  const chart: Chart = {
    across: 'time',
    x: wholeRun(x, evidence),
    lines: [
      { label: 'calls/s', values: padded(completed), scale: 'left', colour: 0 },
      ...(refuses ? [{ label: 'refused/s', values: padded(refused), scale: 'right' as const, colour: 1 }] : []),
      ...(durationMs >= meanFromMs
        ? [{ label: 'calls/s over 5 s', values: padded(mean), scale: 'left' as const, colour: 2 }]
        : []),
    ],
    left: { unit: 'calls/s', kind: 'from-zero' },
    ...(refuses ? { right: { unit: 'refused/s', kind: 'from-zero' } } : {}),
    stages: stageSpans(evidence),
    bands,
    together,
  }
  const uncounted = stages.some(({ role }) => role === 'reference')
  return {
    title: circuits.length > 0 ? 'Throughput and the circuit' : 'Throughput',
    description:
      'Completed calls and refusals per second over time, the stages shaded behind them' +
      (circuits.length > 0 ? ', the states of the circuit in bands below' : ''),
    chart,
    notes: [
      ...notes,
      ...(uncounted ? ['Calls of reference stages go past the breaker and are not counted here.'] : []),
      ...thinningNote(rates.x.length, x.length),
    ],
  }
}

/** Stages as they are shaded, but for those that took no time. */
export function stageSpans({ stages }: Evidence): ChartStage[] {
  return stages
    .filter(({ startedAtMs, endedAtMs }) => endedAtMs > startedAtMs)
    .map(({ name, role, startedAtMs, endedAtMs }) => {
      return { name, role, from: seconds(startedAtMs), to: seconds(endedAtMs) }
    })
}

export function thinningNote(taken: number, drawn: number): string[] {
  if (drawn >= taken) return []
  return [`${number(drawn)} of ${number(taken)} samples are drawn: the smallest and the largest of each stretch.`]
}

/** From sample to sample. Two that were taken in the same millisecond tell nothing. */
function ratesOf(samples: readonly ThroughputSample[]) {
  let before: Pick<ThroughputSample, 'atMs' | 'completed' | 'refused'> = { atMs: 0, completed: 0, refused: 0 }
  const x: number[] = []
  const completed: number[] = []
  const refused: number[] = []
  const mean: number[] = []
  for (const sample of samples) {
    const lasted = (sample.atMs - before.atMs) / 1000
    if (lasted < 0.001) continue
    x.push(seconds(sample.atMs))
    completed.push(short((sample.completed - before.completed) / lasted))
    refused.push(short((sample.refused - before.refused) / lasted))
    mean.push(short(sample.perSecond))
    before = sample
  }
  return { x, lines: [completed, refused, mean] }
}

/** Times of samples, and before and after them the opening and the end, at which no line has a value. */
export function wholeRun(x: readonly number[], { durationMs }: Evidence): number[] {
  return [0, ...x, Math.max(seconds(durationMs), x.at(-1) ?? 0)]
}

function padded(values: readonly (number | null)[]): (number | null)[] {
  return [null, ...values, null]
}
