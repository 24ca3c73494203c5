import { planTitle } from '../../plan-title.js'
import { type Report, worst } from '../../report.js'
import type { RenderOptions } from '../../reporter.js'
import { chartScripts, libraryStyle } from '../charts/chart-scripts.js'
import { drawComparisons, loadName } from '../comparison.js'
import { number, plural, span } from '../figures.js'
import { drawOverheads } from '../overhead-table.js'
import { steadyFigures } from '../steady.js'
import { drawSurvivals } from '../survival-table.js'
import { type Content, type Html, html } from './markup.js'
import { reportStyle } from './report-style.js'
import { runSection } from './run-section.js'
import { pageTable } from './tables.js'
import { firstFailure, runId, verdictMark, verdictSign } from './verdicts.js'
import { wholePage } from './whole-page.js'

/** Of each line of a chart; of many runs fewer, or the page would grow with them. */
const pointsMax = 1500
const pointsOfAllMax = 6000
const pointsMin = 200

/** What is known in a layer above, drawn. */
export interface FromAbove {
  /** What a soak found. */
  readonly soak: (report: Report) => readonly Html[]
  /** A suite's marks; empty where none was run as a whole. */
  readonly suite: readonly Html[]
}

/** The page of all reports. */
export function reportPage(
  reports: readonly Report[],
  files: Pick<RenderOptions, 'file' | 'otherFiles'>,
  { soak, suite }: FromAbove,
): string {
  const points = Math.max(pointsMin, Math.min(pointsMax, Math.floor(pointsOfAllMax / Math.max(1, reports.length))))
  const result = worst(reports.map((report) => report.result))
  const isOnly = reports.length === 1
  const failure = firstFailure(reports)
  const name = titleOf(reports)
  const body = html`<main>
<h1>${verdictMark(result)} ${name}</h1>
${failure ? html`<p><a class="jump" href="#${failure.id}">Jump to the first failure: ${failure.text}</a></p>` : undefined}
${suite}
${reports.length > 1 ? [runTable(reports), ...drawComparisons(reports, pageTable)] : undefined}
${drawOverheads(reports, pageTable)}
${drawSurvivals(reports, pageTable)}
${reports.map((report, index) => runSection(report, { index, isOnly, pointsMax: points, files, soak: soak(report) }))}
</main>`
  return wholePage({
    title: `${verdictSign(result)} ${name}: ${result} · Busbar`,
    body: body.text,
    styles: [libraryStyle(), reportStyle],
    scripts: chartScripts(),
  })
}

function titleOf(reports: readonly Report[]): string {
  const [only] = reports
  if (!only || reports.length > 1) return `${plural(reports.length, 'run')}`
  return planTitle(only.evidence.plan)
}

/** With marks and links, which the tables of the other reporters don't have; without a column that is empty in every row. */
function runTable(reports: readonly Report[]): Html {
  const figure = (value: number | undefined, decimals: number) => (value === undefined ? '' : number(value, decimals))
  const rows = reports.map(({ result, evidence }, index): readonly Content[] => {
    const { plan, durationMs } = evidence
    const { throughputPerSecond, p99Ms } = steadyFigures(evidence)
    const name = html`<a href="#${runId(index)}">${planTitle(plan)}</a>`
    const figures = [span(durationMs), figure(throughputPerSecond, 0), figure(p99Ms, 2)]
    return [verdictMark(result), name, loadName(plan.load), ...figures]
  })
  const shown = ['verdict', 'run', 'load', 'time', 'calls/s, steady', 'p99 ms, steady']
    .map((header, index) => ({ header, index, side: index < 3 ? html` class="start"` : undefined }))
    .filter(({ index }) => rows.some((row) => row[index] !== ''))
  return html`<div class="wide" tabindex="0" role="region" aria-label="All runs"><table>
<thead><tr>${shown.map(({ header, side }) => html`<th scope="col"${side}>${header}</th>`)}</tr></thead>
<tbody>
${rows.map((row) => html`<tr>${shown.map(({ index, side }) => html`<td${side}>${row[index]}</td>`)}</tr>`)}
</tbody></table></div>`
}
