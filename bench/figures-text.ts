import type { Figure, Mark, Row } from './row.js'

/** How figures read, on the console and on the page alike. */
export const headings = ['measure', 'measured', 'read as', 'result', 'wanted', 'reached'] as const

export function cellsOf(row: Row): string[] {
  return [
    row.title,
    row.failure ?? row.figures.map(figureText).join(', '),
    row.reading,
    resultText(row),
    row.wanted ? markText(row.wanted) : 'report',
    row.reached === 'reported' ? '–' : row.reached,
  ]
}

export function resultText({ result, unit }: Pick<Row, 'result' | 'unit'>): string {
  return unit === '×' && Number.isFinite(result) ? result.toFixed(2) : `${numberText(result)} ${unit}`
}

export function markText(mark: Mark): string {
  if ('atLeast' in mark) return `≥ ${mark.atLeast}`
  return mark.atMost === 0 ? '0' : `≤ ${mark.atMost}`
}

function figureText({ name, value, unit }: Figure): string {
  return `${name} ${numberText(value)} ${unit}`
}

/** Three figures are as many as a shared machine is good for. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return '?'
  if (value === 0) return '0'
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en')
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}
