import type { Evidence, OverheadEvidence } from '../evidence.js'
import { shownName } from '../plug-in-path.js'
import type { Report } from '../report.js'
import type { Interval } from '../statistics/bootstrap.js'
import { number, percent, plural, significant } from './figures.js'
import type { Column, DrawTable } from './grid.js'
import { type OverheadFigures, overheadFigures } from './overhead.js'

interface Row {
  readonly target: string
  readonly figures: OverheadFigures
}

type Measured = Evidence & { readonly overhead: OverheadEvidence }

const columns: readonly Column<Row>[] = [
  { header: 'target', cell: ({ target }) => target, align: 'left' },
  { header: 'bare ns', cell: ({ figures }) => significant(figures.bareNs), dispensable: 2 },
  { header: 'through it ns', cell: ({ figures }) => significant(figures.guardedNs), dispensable: 1 },
  { header: 'added ns', cell: ({ figures }) => interval(figures.addedNs, significant) },
  { header: 'share', cell: ({ figures }) => interval(figures.share, significant) },
  {
    header: 'bytes a call',
    cell: ({ figures }) => (figures.addedBytes === undefined ? '' : number(figures.addedBytes, 1)),
  },
  { header: 'ok', cell: ({ figures }) => (figures.successRate === undefined ? '' : percent(figures.successRate)) },
]

/** One table a scenario, the targets side by side: what each adds to the same call. */
export function drawOverheads<Part>(reports: readonly Report[], draw: DrawTable<Part>): Part[] {
  const measured = reports.map(({ evidence }) => evidence).filter(isMeasured)
  const scenarios = [...new Set(measured.map(({ plan }) => plan.scenario))]
  return scenarios.map((scenario) => {
    const same = measured.filter(({ plan }) => plan.scenario === scenario)
    const rows = same.map(({ plan, overhead }) => ({
      target: shownName(plan.target),
      figures: overheadFigures(overhead, plan),
    }))
    const rounds = plural(Math.max(...same.map(({ overhead }) => overhead.bareNs.length)), 'turn')
    return draw(
      `${shownName(scenario)}: what a call costs more, median of ${rounds} each, with 95 % intervals`,
      columns,
      rows,
    )
  })
}

function isMeasured(evidence: Evidence): evidence is Measured {
  return evidence.overhead !== undefined && evidence.overhead.bareNs.length > 0
}

function interval(value: Interval | undefined, format: (value: number) => string): string {
  if (!value) return ''
  return `${format(value.estimate)} (${format(value.low)}…${format(value.high)})`
}
