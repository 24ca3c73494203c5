import { planTitle } from '../plan-title.js'
import type { Report } from '../report.js'
import type { Reporter } from '../reporter.js'
import { circumstances } from '../reporting/circumstances.js'
import { drawComparisons } from '../reporting/comparison.js'
import { plural } from '../reporting/figures.js'
import { type DrawTable, figureTable, textTable, titledTable } from '../reporting/grid.js'
import { drawLevels } from '../reporting/level-table.js'
import { drawOverheads } from '../reporting/overhead-table.js'
import { type Paint, painter, verdictSign, verdictWord } from '../reporting/paint.js'
import { setting } from '../reporting/setting.js'
import { drawSpending } from '../reporting/spending-table.js'
import { stageTables } from '../reporting/stage-tables.js'
import { drawSurvivals } from '../reporting/survival-table.js'
import { soakTables } from '../soak/tables.js'
import { drawOriginal } from '../suite/original-table.js'

const reporter: Reporter = {
  name: 'console',
  description: 'Tables for a person at a terminal.',
  extension: 'txt',

  render(reports, { color, width, brief = false, suite }) {
    const paint = painter(color)
    const headed: DrawTable<string> = (title, columns, rows) =>
      `${paint('bold', title)}\n${figureTable(columns, rows, paint, width)}`
    const parts = [
      ...drawOriginal(suite, headed),
      ...drawComparisons(reports, headed),
      ...drawOverheads(reports, headed),
      ...drawSurvivals(reports, headed),
      ...reports.map((report) =>
        brief && report.result === 'valid' ? heading(report, paint) : reportText(report, paint, width),
      ),
    ]
    return `${parts.join('\n\n')}\n`
  },
}

function reportText(report: Report, paint: Paint, width: number): string {
  const { evidence } = report
  return [
    `${paint('dim', '─'.repeat(width))}\n${heading(report, paint)}\n${textTable([[setting(evidence)]], [], width)}`,
    verdictLines(report, paint, width),
    ...stageTables(evidence, paint, width),
    ...drawLevels(evidence, titledTable(paint, width)),
    ...drawSpending(evidence, titledTable(paint, width)),
    ...soakTables(evidence, paint, width),
    textTable(
      circumstances(evidence).map(([label, text]) => [paint('dim', label), text]),
      [8],
      width,
    ),
    // Never wrapped: it is there to be copied.
    `  ${paint('dim', 'again')}     ${report.command}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

function heading({ evidence, result }: Report, paint: Paint): string {
  const { plan, interrupted } = evidence
  const cut = interrupted ? paint('yellow', '  interrupted: what ran is reported') : ''
  return `${verdictWord(result, paint)}  ${paint('bold', planTitle(plan))}${cut}`
}

/** The deciding figures of each verdict; for one that isn't valid, what it found. */
function verdictLines({ verdicts, skipped }: Report, paint: Paint, width: number): string {
  const rows = verdicts.flatMap(({ checker, result, summary, details = [] }) => {
    const findings = result === 'valid' ? [] : details
    return [
      [verdictSign(result, paint), checker, summary],
      ...shortened(findings).map((finding) => ['', '', paint('dim', `· ${finding}`)]),
    ]
  })
  const left = skipped.map(({ checker, reason }) => ['–', checker, paint('dim', `not asked: ${reason}`)])
  const names = [...verdicts, ...skipped].map(({ checker }) => checker.length)
  return textTable([...rows, ...left], [1, Math.max(1, ...names)], width)
}

function shortened(findings: readonly string[]): readonly string[] {
  const most = 10
  if (findings.length <= most) return findings
  return [...findings.slice(0, most), `… ${plural(findings.length - most, 'more finding')}, all in the JSON report`]
}

export default reporter
