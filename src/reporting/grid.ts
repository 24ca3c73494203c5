import { getBorderCharacters, table } from 'table'
import type { Paint } from './paint.js'

/** How far everything under a heading is set in. */
const INDENT = 2
const GAP = 2
/** Text narrower than this can't be read; a terminal that leaves less gets lines that overflow it. */
const textColumnsMin = 20

export interface Column<Row> {
  readonly header: string
  readonly cell: (row: Row) => string
  readonly align?: 'left' | 'right'
  /** Where the terminal is too narrow, columns go in the order of this number, the highest first; without it, never. */
  readonly dispensable?: number
}

/** Draws a table in a reporter's own markup: what is in it, and how figures are written, is the same in all of them. */
export type DrawTable<Part> = <Row>(title: string, columns: readonly Column<Row>[], rows: readonly Row[]) => Part

/** Without the columns that say nothing in any row. */
export function filledColumns<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): readonly Column<Row>[] {
  return columns.filter(({ cell }) => rows.some((row) => cell(row) !== ''))
}

/** For the terminal: the title above the table. */
export function titledTable(paint: Paint, width: number): DrawTable<string> {
  return (title, columns, rows) =>
    `${' '.repeat(INDENT)}${paint('underline', title)}\n${figureTable(columns, rows, paint, width)}`
}

/** A table of figures that fits `width`: no cell is wrapped, dispensable columns go instead, and that is said. */
export function figureTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  paint: Paint,
  width: number,
): string {
  let shown = filledColumns(columns, rows)
  const gone: string[] = []
  while (widthOf(shown, rows) > width) {
    const next = shown.reduce((a, b) => ((b.dispensable ?? 0) > (a.dispensable ?? 0) ? b : a))
    if (next.dispensable === undefined) break
    shown = shown.filter((column) => column !== next)
    gone.push(next.header)
  }
  const cells = [
    shown.map(({ header }) => paint('dim', header)),
    ...rows.map((row) => shown.map(({ cell }) => cell(row))),
  ]
  const text = bare(
    cells,
    shown.map(({ align = 'right' }) => ({ alignment: align })),
  )
  const note = gone.length > 0 ? `\n${' '.repeat(INDENT)}${paint('dim', `(too narrow for: ${gone.join(', ')})`)}` : ''
  return text + note
}

function widthOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): number {
  return columns.reduce((sum, { header, cell }) => {
    return sum + GAP + Math.max(header.length, ...rows.map((row) => cell(row).length))
  }, INDENT - GAP)
}

/** Short columns, then text that is wrapped at words to what is left of `width`. */
export function textTable(rows: readonly (readonly string[])[], leading: readonly number[], width: number): string {
  if (rows.length === 0) return ''
  const rest = Math.max(textColumnsMin, width - INDENT - leading.reduce((sum, columns) => sum + columns + GAP, 0))
  const cells = rows.map((row) => row.map(printable))
  return bare(cells, [...leading.map((columns) => ({ width: columns })), { width: rest, wrapWord: true }])
}

function bare(cells: readonly (readonly string[])[], columns: object[]): string {
  const text = table(
    cells.map((row) => [...row]),
    {
      border: getBorderCharacters('void'),
      columnDefault: { paddingLeft: 0, paddingRight: GAP },
      columns,
      drawHorizontalLine: () => false,
    },
  )
  return text
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(INDENT) + line.trimEnd())
    .join('\n')
}

/** Messages of errors may hold anything; the table refuses control characters other than a new line and colours. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u0009\u000b-\u001a\u007f]/g, ' ')
}
