import { number, significant } from '../reporting/figures.js'
import { type Column, figureTable, textTable } from '../reporting/grid.js'
import type { Paint } from '../reporting/paint.js'
import type { Answer, Compared, Comparison } from './answer.js'

const styles: Readonly<Record<Answer, Parameters<Paint>[0]>> = {
  regressed: 'red',
  improved: 'green',
  same: 'green',
  inconclusive: 'yellow',
  incomparable: 'yellow',
}

const columns: readonly Column<Compared>[] = [
  { header: 'run', cell: ({ scenario, target }) => `${scenario} on ${target}`, align: 'left' },
  { header: 'metric', cell: ({ metric, gates }) => (gates ? metric : `(${metric})`), align: 'left' },
  { header: 'before', cell: ({ before, unit }) => value(before, unit), dispensable: 2 },
  { header: 'after', cell: ({ after, unit }) => value(after, unit), dispensable: 2 },
  { header: 'worse by', cell: ({ worse }) => (worse ? change(worse.estimate) : '') },
  { header: '95 %', cell: ({ worse }) => (worse ? `${change(worse.low)} … ${change(worse.high)}` : '') },
  { header: 'noise', cell: ({ noise }) => (noise === undefined ? '' : `${number(noise * 100, 1)} %`), dispensable: 1 },
  { header: 'p', cell: ({ probability: p }) => (p === undefined ? '' : significant(p)), dispensable: 3 },
  { header: 'answer', cell: ({ answer }) => answer, align: 'left' },
]

/** The comparison as text: one row a metric, what stands between the two, and the answer last. */
export function comparisonText({ answer, compared, trust }: Comparison, paint: Paint, width: number): string {
  const reasons = compared.flatMap(({ scenario, target, metric, reason }) => {
    return reason === undefined ? [] : [`${scenario} on ${target}, ${metric}: ${reason}`]
  })
  const notes = [...trust, ...reasons].map((note) => ['·', note])
  return [
    figureTable(columns, compared, paint, width),
    ...(notes.length === 0 ? [] : [textTable(notes, [1], width)]),
    `${paint(['bold', styles[answer]].flat() as Parameters<Paint>[0], answer.toUpperCase())}  ${paint('dim', '(metrics in brackets inform only)')}`,
  ].join('\n\n')
}

function value(figure: number | undefined, unit: string): string {
  return figure === undefined || Number.isNaN(figure) ? '' : `${significant(figure)} ${unit}`.trim()
}

function change(ratio: number): string {
  const percent = (ratio - 1) * 100
  return `${percent > 0 ? '+' : ''}${number(percent, 1)} %`
}
