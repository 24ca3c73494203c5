import { planTitle } from '../../plan-title.js'
import type { Report } from '../../report.js'
import type { RenderOptions } from '../../reporter.js'
import type { ChartFigure } from '../charts/figure.js'
import { latencyCharts } from '../charts/latency-charts.js'
import { memoryCharts, retainedCharts } from '../charts/memory-charts.js'
import { throughputChart } from '../charts/throughput-chart.js'
import { drawLevels } from '../level-table.js'
import { setting } from '../setting.js'
import { drawSpending } from '../spending-table.js'
import { drawStages } from '../stage-tables.js'
import { chartFigure, readChartFigure } from './chart-figure.js'
import { fileLinks } from './links.js'
import { type Content, type Html, html } from './markup.js'
import { errorList, resources } from './resources.js'
import { pageTable, pairList } from './tables.js'
import { transitionTable } from './transitions.js'
import { runId, verdictList, verdictMark } from './verdicts.js'

export interface RunSectionOptions {
  readonly index: number
  /** Then the heading of the page is its own. */
  readonly isOnly: boolean
  readonly pointsMax: number
  readonly files: Pick<RenderOptions, 'file' | 'otherFiles'>
  /** What a soak found, drawn; empty of other runs. */
  readonly soak: readonly Html[]
}

/** All of one run, verdicts first. */
export function runSection(report: Report, { index, isOnly, pointsMax, files, soak }: RunSectionOptions): Html {
  const { evidence, result, command } = report
  const { plan, environment, interrupted, startedAt, notes, lastErrors } = evidence
  const id = runId(index)
  const figures = (charts: readonly ChartFigure[]) => charts.map((chart) => chartFigure(chart))
  return html`<section class="run" id="${id}">
${isOnly ? undefined : html`<h2>${verdictMark(result)} ${planTitle(plan)}</h2>`}
<p>${setting(evidence)}${interrupted ? html` · <b>interrupted: what ran is reported</b>` : undefined}</p>
${part('Verdicts', verdictList(report, index))}
${part('Over time', readChartFigure(throughputChart(evidence, id, pointsMax)), transitionTable(evidence))}
${part('Latency', figures(latencyCharts(evidence)))}
${part('Memory', figures(memoryCharts(evidence, id, pointsMax)), figures(retainedCharts(evidence, id, pointsMax)))}
${part('Stages', ...drawStages(evidence, pageTable), ...drawLevels(evidence, pageTable))}
${part('Money', ...drawSpending(evidence, pageTable))}
${part('Threads and resources', resources(evidence))}
${part('What each thread retains', soak)}
${part('Files', fileList(report, files))}
${part('The same again', html`<pre class="command" tabindex="0">${command}</pre>`)}
${part('Environment', pairList([...Object.entries(environment).map(([name, value]) => [name, String(value)] as const), ['started', startedAt]]))}
${part('Notes', notes.length > 0 ? html`<ul>${notes.map((note) => html`<li>${note}</li>`)}</ul>` : undefined)}
${part('Errors', errorList(lastErrors))}
</section>`
}

/** Of what has nothing to show not even the heading. */
function part(title: string, ...contents: readonly Content[]): Html | undefined {
  const filled = contents.flat().filter((content) => content !== undefined)
  return filled.length === 0 ? undefined : html`<h3>${title}</h3>\n${filled}`
}

/** Of what lies beside a page, what says more than it does. */
const linked = ['json', 'history', 'baseline', 'saveBaseline']

function fileList({ evidence }: Report, { file, otherFiles = {} }: RunSectionOptions['files']): Html | undefined {
  const rests = evidence.soak?.threads.flatMap((thread) => thread.rests) ?? []
  const snapshots = rests.flatMap(({ snapshot }) => snapshot?.file ?? [])
  const others = Object.entries(otherFiles).flatMap(([name, path]) => (linked.includes(name) ? [path] : []))
  const files = [...new Set([...others, ...evidence.profiles, ...snapshots])]
  return files.length === 0 ? undefined : fileLinks(files, file)
}
