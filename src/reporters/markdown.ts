import type { Verdict, VerdictResult } from '../checker.js'
import { planTitle } from '../plan-title.js'
import { shownName } from '../plug-in-path.js'
import { type Report, worst } from '../report.js'
import type { Reporter } from '../reporter.js'
import { circumstances } from '../reporting/circumstances.js'
import { drawComparisons, loadName } from '../reporting/comparison.js'
import { number, plural, span } from '../reporting/figures.js'
import { type DrawTable, filledColumns } from '../reporting/grid.js'
import { drawLevels } from '../reporting/level-table.js'
import { drawOverheads } from '../reporting/overhead-table.js'
import { setting } from '../reporting/setting.js'
import { drawSpending } from '../reporting/spending-table.js'
import { drawStages } from '../reporting/stage-tables.js'
import { steadyFigures } from '../reporting/steady.js'
import { drawSurvivals } from '../reporting/survival-table.js'
import { drawSoak } from '../soak/tables.js'
import { drawOriginal } from '../suite/original-table.js'

/** GitHub shows no summary at all of a step that is larger than 1 MiB; some is left to what other commands add. */
const bytesMax = 900 * 1024
const runsMax = 500
const findingsMax = 50
/** A message may hold a whole answer of a server. */
const charactersMax = 1000

const signs: Readonly<Record<VerdictResult, string>> = { valid: '✅', invalid: '❌', unknown: '❔' }

const reporter: Reporter = {
  name: 'markdown',
  description: 'Markdown for the summary of a GitHub step: --report markdown=$GITHUB_STEP_SUMMARY.',
  extension: 'md',

  render(reports, { suite }) {
    const comparisons = [drawComparisons, drawOverheads, drawSurvivals].flatMap((draw) => draw(reports, table))
    comparisons.unshift(...drawOriginal(suite, table))
    return fitted([heading(reports), runTable(reports), ...comparisons], reports)
  },
}

function heading(reports: readonly Report[]): string {
  const result = worst(reports.map((report) => report.result))
  return `## ${signs[result]} Busbar: ${result}, ${plural(reports.length, 'run')}`
}

function runTable(reports: readonly Report[]): string {
  const rows = reports.slice(0, runsMax)
  const left = reports.length - rows.length
  const columns = [
    { header: 'verdict', cell: ({ result }: Report) => `${signs[result]} ${result}`, align: 'left' as const },
    { header: 'scenario', cell: ({ evidence }: Report) => shownName(evidence.plan.scenario), align: 'left' as const },
    { header: 'target', cell: ({ evidence }: Report) => shownName(evidence.plan.target), align: 'left' as const },
    { header: 'load', cell: ({ evidence }: Report) => loadName(evidence.plan.load), align: 'left' as const },
    { header: 'time', cell: ({ evidence }: Report) => span(evidence.durationMs) },
    { header: 'calls/s', cell: ({ evidence }: Report) => figure(steadyFigures(evidence).throughputPerSecond) },
    { header: 'p99 ms', cell: ({ evidence }: Report) => figure(steadyFigures(evidence).p99Ms, 2) },
  ]
  return `${table('', columns, rows)}${left > 0 ? `\n\n… ${plural(left, 'more run')}` : ''}`
}

function figure(value: number | undefined, decimals = 0): string {
  return value === undefined ? '' : number(value, decimals)
}

/** Each part can be left out without harm to the others. */
function runParts(report: Report): string[] {
  const { evidence, result } = report
  const { plan, interrupted } = evidence
  const cut = interrupted ? ', interrupted: what ran is reported' : ''
  const soak = drawSoak(evidence, {
    table,
    paths: (rows) => rows.map(([what, path]) => `- ${text(what)}: ${text(path)}`).join('\n'),
    sign: (verdict) => signs[verdict],
  })
  return [
    [
      `### ${signs[result]} ${text(planTitle(plan))}: ${result}${cut}`,
      text(setting(evidence)),
      verdictTable(report),
    ].join('\n\n'),
    ...report.verdicts.flatMap(findings),
    ...drawStages(evidence, table),
    ...drawLevels(evidence, table),
    ...drawSpending(evidence, table),
    ...(soak.length === 0 ? [] : [folded('What each thread retains', soak.join('\n\n'))]),
    folded(
      'Circuit, backend, memory, errors',
      circumstances(evidence)
        .map(([label, lines]) => `**${label}**: ${lines.split('\n').map(text).join('<br>')}`)
        .join('\n\n'),
    ),
    `The same again:\n\n${fenced(report.command)}`,
  ]
}

function verdictTable({ verdicts, skipped }: Report): string {
  const rows = [
    ...verdicts.map(({ checker, result, summary }) => [`${signs[result]} ${result}`, checker, summary]),
    ...skipped.map(({ checker, reason }) => ['–', checker, `not asked: ${reason}`]),
  ]
  const cells = (index: number) => (row: readonly string[]) => row[index] ?? ''
  return table(
    '',
    ['verdict', 'checker', 'what decides'].map((header, index) => ({
      header,
      cell: cells(index),
      align: 'left' as const,
    })),
    rows,
  )
}

function findings({ checker, result, details = [] }: Verdict): string[] {
  if (result === 'valid' || details.length === 0) return []
  const more = details.length - findingsMax
  const lines = details.slice(0, findingsMax).map((detail) => `- ${text(detail)}`)
  const title = `${signs[result]} ${checker}: ${plural(details.length, 'finding')}`
  return [
    folded(title, [...lines, ...(more > 0 ? [`- … ${number(more)} more, all in the JSON report`] : [])].join('\n')),
  ]
}

function folded(title: string, body: string): string {
  return `<details><summary>${text(title)}</summary>\n\n${body}\n\n</details>`
}

const table: DrawTable<string> = (title, columns, rows) => {
  const shown = filledColumns(columns, rows)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    ...(title === '' ? [] : [`**${text(title)}**`, '']),
    line(shown.map(({ header }) => text(header))),
    line(shown.map(({ align = 'right' }) => (align === 'right' ? '--:' : ':--'))),
    ...rows.map((row) => line(shown.map(({ cell }) => text(cell(row))))),
  ].join('\n')
}

/**
 * Text that stays text, in one line and in a cell: markup of HTML and of Markdown is escaped, and so is what GitHub makes
 * links and mentions of.
 */
function text(raw: string): string {
  const line = (raw.length > charactersMax ? `${raw.slice(0, charactersMax)}…` : raw).replaceAll(/\s+/g, ' ')
  return line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[\\`*_{}[\]#+|~>@$]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll('://', '&#58;//')
}

/** A fence is longer than any row of its own signs in what it encloses. */
function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([row]) => row.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}sh\n${code}\n${fence}`
}

/** Whole parts, as many as GitHub takes; what is left out is said. */
function fitted(head: readonly string[], reports: readonly Report[]): string {
  const kept: string[] = []
  let left = bytesMax
  const fits = (part: string) => {
    left -= Buffer.byteLength(part) + 2
    if (left >= 0) kept.push(part)
    return left >= 0
  }
  const cutAt = head.every(fits) ? reports.findIndex((report) => !runParts(report).every(fits)) : 0
  if (cutAt >= 0) {
    const missing = plural(reports.length - cutAt, 'run')
    kept.push(
      `*Cut here: GitHub takes no more than 1 MiB. ${missing} left out, or a part of it; other reports have all.*`,
    )
  }
  return `${kept.join('\n\n')}\n`
}

export default reporter
