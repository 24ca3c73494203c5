import type { VerdictResult } from '../checker.js'
import { type CaseEvidence, caseNames } from '../exhaustion.js'
import { shownName } from '../plug-in-path.js'
import type { Report } from '../report.js'
import { number, percent, significant } from './figures.js'
import type { Column, DrawTable } from './grid.js'
import { leftText } from './left-behind.js'
import { type Survival, soon, survivalsOf } from './survival.js'

interface Row {
  readonly target: string
  readonly told: CaseEvidence
  readonly survival: Survival
}

const answers: Readonly<Record<VerdictResult, string>> = { valid: 'yes', invalid: 'no', unknown: 'unknown' }

const columns: readonly Column<Row>[] = [
  { header: 'used up', cell: ({ told }) => told.case, align: 'left' },
  { header: 'target', cell: ({ target }) => target, align: 'left' },
  {
    header: 'survived',
    cell: ({ survival }) => (survival.skipped === undefined ? answers[survival.result] : 'skipped'),
    align: 'left',
  },
  { header: 'shown by', cell: ({ survival }) => survival.signs, align: 'left', dispensable: 3 },
  { header: 'failed', cell: ({ survival }) => lived(survival, number(survival.failed)), dispensable: 4 },
  { header: 'opened', cell: ({ survival }) => ofViews(survival, survival.opened) },
  { header: 'after', cell: ({ survival }) => soon(survival.openedAfterMs), dispensable: 5 },
  { header: 'refused', cell: ({ survival }) => lived(survival, number(survival.refused)), dispensable: 2 },
  { header: 'refusal p50 ms', cell: ({ survival }) => ms(survival.refusalP50Ms) },
  { header: 'p99 ms', cell: ({ survival }) => ms(survival.refusalP99Ms), dispensable: 6 },
  { header: 'closed again', cell: ({ survival }) => ofViews(survival, survival.closed) },
  { header: 'after', cell: ({ survival }) => soon(survival.closedAfterMs), dispensable: 5 },
  { header: 'ok then', cell: ({ survival: { wellAfter } }) => (wellAfter === undefined ? '' : percent(wellAfter)) },
  { header: 'left behind', cell: ({ told }) => leftText(told.left), align: 'left', dispensable: 1 },
  {
    header: 'process',
    cell: ({ told }) => told.process?.signal ?? told.process?.end ?? '',
    align: 'left',
    dispensable: 7,
  },
]

/** Of all runs that used resources up: each case, the targets side by side. */
export function drawSurvivals<Part>(reports: readonly Report[], draw: DrawTable<Part>): Part[] {
  const rows = reports.flatMap(({ evidence }): Row[] => {
    const cases = evidence.exhaustion?.cases ?? []
    return survivalsOf(evidence).flatMap((survival, index) => {
      const told = cases[index]
      return told ? [{ target: shownName(evidence.plan.target), told, survival }] : []
    })
  })
  if (rows.length === 0) return []
  const ordered = caseNames.flatMap((name) => rows.filter(({ told }) => told.case === name))
  return [draw('what survived while resources were used up', columns, ordered)]
}

/** Of a case whose process went there are no figures, which is not the same as none of anything. */
function lived({ wellBefore }: Survival, text: string): string {
  return wellBefore === undefined ? '' : text
}

function ofViews({ views }: Survival, count: number): string {
  return views === 0 ? '' : `${number(count)} of ${number(views)}`
}

function ms(value: number | undefined): string {
  return value === undefined ? '' : significant(value)
}
