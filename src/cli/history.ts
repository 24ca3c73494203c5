import type { Command } from 'commander'
import { type Change, type Course, coursesOf, readHistory } from '../baseline/history.js'
import { number, significant } from '../reporting/figures.js'
import { type Column, figureTable } from '../reporting/grid.js'
import { painter } from '../reporting/paint.js'
import { printed } from './reports.js'

const help = `
The file is one that "busbar run … --history" appended to, once for each repeated run. Changes are found by E-divisive: where the
readings before and after are further apart than in 99 of 100 random orders of them.

Examples:
  $ busbar run overhead-sync --history history.jsonl --repeat 10
  $ busbar history history.jsonl`

interface Row {
  readonly course: Course
  readonly change: Change | undefined
}

const columns: readonly Column<Row>[] = [
  { header: 'run', cell: ({ course }) => `${course.scenario} on ${course.target}`, align: 'left' },
  { header: 'metric', cell: ({ course }) => course.metric, align: 'left' },
  { header: 'readings', cell: ({ course }) => number(course.values.length), dispensable: 1 },
  { header: 'last', cell: ({ course }) => `${significant(course.values.at(-1) ?? Number.NaN)} ${course.unit}` },
  { header: 'changed', cell: ({ change }) => change?.savedAt.slice(0, 16) ?? 'never', align: 'left' },
  { header: 'version', cell: ({ change }) => change?.busbar ?? '', align: 'left', dispensable: 2 },
  { header: 'from', cell: ({ change }) => (change ? significant(change.before) : '') },
  { header: 'to', cell: ({ change }) => (change ? significant(change.after) : '') },
  { header: '', cell: ({ course, change }) => (change ? direction(course, change) : ''), align: 'left' },
]

export function addHistoryCommand(program: Command): void {
  program
    .command('history')
    .description('tell when the figures of repeated runs changed')
    .argument('<file>', 'history to read')
    .addHelpText('after', help)
    .action(async (file: string) => {
      const rows = coursesOf(await readHistory(file)).flatMap((course): Row[] => {
        return course.changes.length === 0
          ? [{ course, change: undefined }]
          : course.changes.map((change) => ({ course, change }))
      })
      const { stdout } = process
      const paint = painter(stdout.isTTY === true && stdout.hasColors())
      const text = rows.length === 0 ? 'the history is empty' : figureTable(columns, rows, paint, stdout.columns || 120)
      await printed(stdout, `${text}\n`)
    })
}

function direction({ better }: Course, { before, after }: Change): string {
  return after > before === (better === 'higher') ? 'improved' : 'regressed'
}
