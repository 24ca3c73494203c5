import { getBorderCharacters, table } from 'table'
import { cellsOf, headings } from './figures-text.js'
import type { Row } from './row.js'

const titleColumns = 40
const figureColumns = 46
const readingColumns = 26

/** The rows as a table for the console. */
export function consoleTable(rows: readonly Row[]): string {
  return table([[...headings], ...rows.map(cellsOf)], {
    border: getBorderCharacters('norc'),
    drawHorizontalLine: (line, lines) => line <= 1 || line === lines,
    columns: [
      { width: titleColumns, wrapWord: true },
      { width: figureColumns, wrapWord: true },
      { width: readingColumns, wrapWord: true },
      { alignment: 'right' },
      { alignment: 'right' },
    ],
  })
}

/** The same as lines of Markdown. */
export function pageTable(rows: readonly Row[]): string {
  const lines = [[...headings], headings.map(() => '---'), ...rows.map(cellsOf)]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

/** How many marks were reached, and which were not. */
export function summary(rows: readonly Row[]): string {
  const marked = rows.filter(({ reached }) => reached !== 'reported')
  const missed = marked.filter(({ reached }) => reached !== 'yes')
  const list = missed.map(({ title, reached }) => `\n  ${reached === 'no' ? 'missed' : 'unknown'}: ${title}`).join('')
  return `${marked.length - missed.length} of ${marked.length} marks reached${list}`
}
