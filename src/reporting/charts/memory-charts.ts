import type { Evidence, MemorySample } from '../../evidence.js'
import { number } from '../figures.js'
import { type Chart, type ChartLine, seconds, short } from './chart.js'
import type { ChartFigure } from './figure.js'
import { thinned } from './thinning.js'
import { stageSpans, thinningNote, wholeRun } from './throughput-chart.js'

/** More lines than this nobody tells apart. */
export const threadsMax = 16

interface Series {
  readonly label: string
  readonly values: readonly (number | null)[]
}

/** Resident memory of the process, and the heap of each thread, over time; none where nothing was sampled. */
export function memoryCharts(evidence: Evidence, together: string, pointsMax: number): ChartFigure[] {
  const { samples } = evidence.memory
  if (samples.length === 0) return []
  const x = samples.map(({ atMs }) => seconds(atMs))
  const resident = { label: 'resident', values: samples.map(({ residentMb }) => residentMb) }
  const { series, note } = heapsOf(evidence)
  return [
    {
      title: 'Resident memory',
      description: 'Resident memory of the whole process over time',
      ...megabytesChart(evidence, x, [resident], together, pointsMax, 'from-zero'),
    },
    {
      title: 'Heap of each thread',
      description: 'What the heap of each thread holds over time, in use or not',
      ...megabytesChart(evidence, x, series, together, pointsMax, 'from-zero', note),
    },
  ]
}

/** What each thread of a soak retained, after collections; none where the plan is no soak. */
export function retainedCharts(evidence: Evidence, together: string, pointsMax: number): ChartFigure[] {
  const threads = evidence.soak?.threads.filter(({ samples }) => samples.length > 0) ?? []
  if (threads.length === 0) return []
  const most = (thread: (typeof threads)[number]) => thread.samples.at(-1)?.usedBytes ?? 0
  const largestFirst = threads.toSorted((one, other) => most(other) - most(one)).slice(0, threadsMax)
  const shown = threads.filter((thread) => largestFirst.includes(thread))
  // Each thread samples itself, when it can.
  const times = [...new Set(shown.flatMap(({ samples }) => samples.map(({ atMs }) => atMs)))].sort((a, b) => a - b)
  const series = shown.map(({ thread, samples }) => {
    const at = new Map(samples.map(({ atMs, usedBytes, externalBytes }) => [atMs, usedBytes + externalBytes]))
    return { label: thread, values: times.map((atMs) => inMegabytes(at.get(atMs))) }
  })
  const note =
    threads.length > shown.length
      ? [`The ${shown.length} of ${threads.length} threads that retained the most at the end.`]
      : []
  return [
    {
      title: 'Retained by each thread',
      description: 'What each thread still held right after a collection, over time',
      ...megabytesChart(evidence, times.map(seconds), series, together, pointsMax, 'free', [
        'The axis does not begin at zero: growth is what is looked for.',
        ...note,
      ]),
    },
  ]
}

function inMegabytes(bytes: number | undefined): number | null {
  return bytes === undefined ? null : bytes / 2 ** 20
}

/**
 * A sample has the coordinator's heap, then those of the workers alive at that moment. While all lived, the place says whose it is;
 * once one was killed it doesn't any more, and the workers are told together.
 */
function heapsOf({ memory: { samples }, workers }: Evidence): { series: Series[]; note: string[] } {
  const coordinator = { label: 'coordinator', values: samples.map(({ heapMb }) => heapMb[0] ?? null) }
  if (workers.some(({ end }) => end !== 'finished')) {
    const ofWorkers = (sample: MemorySample) => sample.heapMb.slice(1)
    const series = [
      { label: 'largest worker', values: samples.map((sample) => largest(ofWorkers(sample))) },
      { label: 'all workers together', values: samples.map((sample) => sum(ofWorkers(sample))) },
    ]
    return { series: [coordinator, ...series], note: ['Workers died, so that heaps can’t be told apart by worker.'] }
  }
  const all = workers.map(({ worker }, index) => ({
    label: `worker-${worker}`,
    values: samples.map(({ heapMb }) => (heapMb.length > workers.length ? (heapMb[index + 1] ?? null) : null)),
  }))
  const shown = all.toSorted((one, other) => peak(other) - peak(one)).slice(0, threadsMax - 1)
  const kept = all.filter((one) => shown.includes(one))
  const note =
    kept.length < all.length ? [`The ${kept.length} of ${number(all.length)} workers that had the largest heaps.`] : []
  return { series: [coordinator, ...kept], note }
}

function peak({ values }: Series): number {
  return largest(values.filter((value) => value !== null)) ?? 0
}

function largest(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((most, value) => Math.max(most, value))
}

function sum(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((all, value) => all + value, 0)
}

function megabytesChart(
  evidence: Evidence,
  x: readonly number[],
  series: readonly Series[],
  together: string,
  pointsMax: number,
  kind: Chart['left']['kind'],
  notes: readonly string[] = [],
): Pick<ChartFigure, 'chart' | 'notes'> {
  const points = thinned({ x, lines: series.map(({ values }) => values) }, pointsMax)
  const lines = series.map(({ label }, index): ChartLine => {
    const values = points.lines[index] ?? []
    return {
      label,
      values: [null, ...values.map((value) => (value === null ? null : short(value))), null],
      scale: 'left',
      colour: index,
    }
  })
  const chart: Chart = {
    across: 'time',
    x: wholeRun(points.x, evidence),
    lines,
    left: { unit: 'MB', kind },
    stages: stageSpans(evidence),
    bands: [],
    together,
  }
  return { chart, notes: [...notes, ...thinningNote(x.length, points.x.length)] }
}
