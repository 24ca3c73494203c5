import { planTitle } from '../plan-title.js'
import type { Report } from '../report.js'
import type { Reporter } from '../reporter.js'
import { circumstances } from '../reporting/circumstances.js'
import { comparisons, loadName } from '../reporting/comparison.js'
import { plural, span } from '../reporting/figures.js'
import { textTable } from '../reporting/grid.js'
import { type Paint, painter, verdictSign, verdictWord } from '../reporting/paint.js'
import { stageTables } from '../reporting/stage-tables.js'
import { soakTables } from '../soak/tables.js'

const reporter: Reporter = {
  name: 'console',
  description: 'Tables for a person at a terminal.',
  extension: 'txt',

  render(reports, { color, width }) {
    const paint = painter(color)
    const parts = [...comparisons(reports, paint, width), ...reports.map((report) => reportText(report, paint, width))]
    return `${parts.join('\n\n')}\n`
  },
}

function reportText(report: Report, paint: Paint, width: number): string {
  const { evidence } = report
  return [
    `${paint('dim', '─'.repeat(width))}\n${heading(report, paint)}\n${textTable([[setting(report)]], [], width)}`,
    verdictLines(report, paint, width),
    ...stageTables(evidence.stages, paint, width),
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

function setting({ evidence }: Report): string {
  const { plan, environment, durationMs } = evidence
  const { node, platform, cores } = environment
  return [
    `${plural(plan.workers, 'worker')}, ${loadName(plan.load)}, ${plan.operation}, ${plan.downstream.kind} backend, seed ${plan.seed}`,
    `${span(durationMs)}`,
    `${plural(cores, 'core')}, ${platform}, Node ${node.replace(/^v/, '')}`,
  ].join(' · ')
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
