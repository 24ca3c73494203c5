import { type Report, worst } from '../../report.js'
import type { RenderOptions } from '../../reporter.js'
import { chartScripts, libraryStyle } from '../charts/chart-scripts.js'
import { drawComparisons, loadName } from '../comparison.js'
import { number, plural, span } from '../figures.js'
import { drawOverheads } from '../overhead-table.js'
import { steadyFigures } from '../steady.js'
import { type Html, html } from './markup.js'
import { reportStyle } from './report-style.js'
import { runSection } from './run-section.js'
import { pageTable } from './tables.js'
import { firstFailure, runId, verdictMark, verdictSign } from './verdicts.js'
import { wholePage } from './whole-page.js'

/** Of each line of a chart; of many runs fewer, or the page would grow with them. */
const pointsMax = 1500
const pointsOfAllMax = 6000
const pointsMin = 200

/** The page of all reports: `soak` draws what a soak found, which is known in a layer above. */
export function reportPage(
  reports: readonly Report[],
  files: Pick<RenderOptions, 'file' | 'otherFiles'>,
  soak: (report: Report) => readonly Html[],
): string {
  const points = Math.max(pointsMin, Math.min(pointsMax, Math.floor(pointsOfAllMax / Math.max(1, reports.length))))
  const result = worst(reports.map((report) => report.result))
  const failure = firstFailure(reports)
  const name = titleOf(reports)
  const body = html`<main>
<h1>${verdictMark(result)} ${name}</h1>
${failure ? html`<p><a class="jump" href="#${failure.id}">Jump to the first failure: ${failure.text}</a></p>` : undefined}
${reports.length > 1 ? [runTable(reports), ...drawComparisons(reports, pageTable)] : undefined}
${drawOverheads(reports, pageTable)}
${reports.map((report, index) => runSection(report, { index, pointsMax: points, files, soak: soak(report) }))}
</main>`
  return wholePage({
    title: `${verdictSign(result)} ${name}: ${result}`,
    body: body.text,
    styles: [libraryStyle(), reportStyle],
    scripts: chartScripts(),
  })
}

function titleOf(reports: readonly Report[]): string {
  const [only] = reports
  if (!only || reports.length > 1) return `Busbar, ${plural(reports.length, 'run')}`
  return `Busbar, ${only.evidence.plan.scenario} on ${only.evidence.plan.target}`
}

/** With links, which the tables of the other reporters don't have. */
function runTable(reports: readonly Report[]): Html {
  const figure = (value: number | undefined, decimals: number) => (value === undefined ? '' : number(value, decimals))
  const rows = reports.map(({ result, evidence }, index) => {
    const { plan, durationMs } = evidence
    const { throughputPerSecond, p99Ms } = steadyFigures(evidence)
    return html`<tr><td class="start">${verdictMark(result)}</td><td class="start"><a href="#${runId(index)}">${plan.scenario} on ${plan.target}</a></td><td class="start">${loadName(plan.load)}</td><td>${span(durationMs)}</td><td>${figure(throughputPerSecond, 0)}</td><td>${figure(p99Ms, 2)}</td></tr>`
  })
  return html`<div class="wide" tabindex="0" role="region" aria-label="All runs"><table>
<thead><tr><th scope="col" class="start">verdict</th><th scope="col" class="start">run</th><th scope="col" class="start">load</th><th scope="col">time</th><th scope="col">calls/s, steady</th><th scope="col">p99 ms, steady</th></tr></thead>
<tbody>
${rows}
</tbody></table></div>`
}
