import type { Evidence, ThreadEvidence } from '../evidence.js'
import type { Interval } from '../statistics/bootstrap.js'
import { number, percent, significant } from './figures.js'
import type { Column, DrawTable } from './grid.js'
import { kneeOf, type LevelFigures, levelsOf } from './levels.js'

interface Row {
  readonly figures: LevelFigures
  readonly threads: readonly ThreadEvidence[]
  readonly isKnee: boolean
}

const columns: readonly Column<Row>[] = [
  { header: 'level', cell: ({ figures, isKnee }) => `${figures.name}${isKnee ? ' (knee)' : ''}`, align: 'left' },
  { header: 'calls/s', cell: ({ figures }) => number(figures.perSecond) },
  { header: '× first', cell: ({ figures }) => interval(figures.throughput) },
  { header: 'p50 ms', cell: ({ figures }) => significant(figures.evidence.latency.p50Ms) },
  { header: '× first', cell: ({ figures }) => interval(figures.latency) },
  { header: 'ok', cell: ({ figures }) => (figures.successRate === undefined ? '' : percent(figures.successRate)) },
  { header: 'loop busy', cell: (row) => percentOfMost(row, ({ utilization }) => utilization), dispensable: 1 },
  { header: 'loop late p99 ms', cell: (row) => most(row, (stage) => stage.delay?.p99Ms), dispensable: 2 },
]

/** What each level comes to against the first; nothing where the load doesn't change. */
export function drawLevels<Part>(evidence: Evidence, draw: DrawTable<Part>): Part[] {
  const levels = evidence.plan.shape === undefined ? [] : levelsOf(evidence)
  if (levels.length < 2) return []
  const knee = kneeOf(levels)
  const rows = levels.map((figures) => ({ figures, threads: evidence.threads, isKnee: figures === knee }))
  return [draw('each level against the first, with 95 % intervals', columns, rows)]
}

function interval(change: Interval | undefined): string {
  if (!change) return ''
  const { estimate, low, high } = change
  return low === high ? number(estimate, 2) : `${number(estimate, 2)} (${number(low, 2)}…${number(high, 2)})`
}

type Read = (stage: ThreadEvidence['stages'][number]) => number | undefined

/** Of all threads the one that is worst off. */
function largest({ figures, threads }: Row, read: Read): number | undefined {
  const values = threads.flatMap(({ stages }) => {
    return stages.filter(({ stage }) => stage === figures.stage).flatMap((stage) => read(stage) ?? [])
  })
  return values.length === 0 ? undefined : Math.max(...values)
}

function most(row: Row, read: Read): string {
  const value = largest(row, read)
  return value === undefined ? '' : significant(value)
}

function percentOfMost(row: Row, read: Read): string {
  const value = largest(row, read)
  return value === undefined ? '' : percent(value)
}
