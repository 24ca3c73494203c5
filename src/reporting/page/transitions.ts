import type { Evidence, TransitionRecord } from '../../evidence.js'
import { plural } from '../figures.js'
import type { Column } from '../grid.js'
import { type Html, html } from './markup.js'
import { pageTable } from './tables.js'

/** The JSON report has all of them. */
const rowsMax = 300

interface Row extends TransitionRecord {
  readonly view: string
}

const columns: readonly Column<Row>[] = [
  { header: 'view', cell: ({ view }) => view, align: 'left' },
  { header: 'at s', cell: ({ atMs }) => (atMs / 1000).toFixed(3) },
  { header: 'from', cell: ({ from }) => from, align: 'left' },
  { header: 'to', cell: ({ to }) => to, align: 'left' },
  { header: 'epoch', cell: ({ epoch }) => String(epoch) },
  { header: 'by', cell: ({ by }) => (by === undefined ? '' : `#${by}`) },
]

/** What the bands show, in figures. */
export function transitionTable({ circuits }: Evidence): Html | undefined {
  const rows = circuits
    .flatMap(({ view, transitions }) => {
      const name = view === 'shared' ? view : `#${view}`
      return transitions.map((record): Row => ({ ...record, view: name }))
    })
    .sort((one, other) => one.atMs - other.atMs)
  if (rows.length === 0) return undefined
  const left = rows.length - rowsMax
  return html`<details><summary>${plural(rows.length, 'transition')} in figures</summary>
${pageTable('transitions of the circuit', columns, rows.slice(0, rowsMax))}
${left > 0 ? html`<p class="dim">The first ${rowsMax}; the JSON report has the other ${left}.</p>` : undefined}
</details>`
}
