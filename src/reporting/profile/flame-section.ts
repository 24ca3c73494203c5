import { type ProfileAnalysis, type ThreadAnalysis, topFunctions } from '../../profiler/analysis/analysis.js'
import { categories } from '../../profiler/analysis/places.js'
import { number, plural, span } from '../figures.js'
import { escaped, jsonInElement } from '../page/markup.js'
import { flameData, place } from './flame-data.js'
import { flameScripts } from './flame-scripts.js'
import { flameStyle } from './flame-style.js'

/** A part of a page. Scripts are run in their order, after the HTML; they ask the network for nothing. */
export interface PageSection {
  readonly html: string
  readonly scripts: readonly string[]
  readonly styles: readonly string[]
}

const functionsShown = 15

const titles = { cpu: 'CPU time', allocation: 'Memory allocated and still held' } as const

const accounts: Readonly<Record<(typeof categories)[number], string>> = {
  breaker: 'the shared breaker',
  engine: 'the engine that loads it',
  user: 'targets, peers, dependencies, your code',
  node: 'Node itself',
  program: 'V8 and native code',
  gc: 'garbage collection',
  idle: 'waiting, or parked in Atomics.wait',
}

/** Flame graphs of each kind of profile, of all threads together and of each, with the figures beside them. */
export function flameSection(analyses: readonly ProfileAnalysis[]): PageSection {
  return { html: analyses.map(kindHtml).join('\n'), scripts: flameScripts(), styles: [flameStyle] }
}

function kindHtml(analysis: ProfileAnalysis): string {
  const data = flameData(analysis)
  const shown = analysis.threads.length > 1 ? [analysis.merged, ...analysis.threads] : analysis.threads
  const options = shown.map(({ thread }, i) => `<option value="${i}">${escaped(thread)}</option>`)
  const idle = analysis.merged.shares.some(({ category, self }) => category === 'idle' && self > 0)
  return `<section class="flame" aria-label="${titles[analysis.kind]}">
<h2>${titles[analysis.kind]}</h2>
<p class="flame-dim">${escaped(summary(analysis))}</p>
${shareTable(shown, analysis.kind)}
<h3>Flame graph</h3>
<div class="flame-controls">
<label>Thread <select class="flame-thread" autocomplete="off">${options.join('')}</select></label>
<input class="flame-search" type="search" placeholder="Find a function or file" aria-label="Find a function or file" autocomplete="off">
<label${idle ? '' : ' hidden'}><input class="flame-waiting" type="checkbox" autocomplete="off"> with waiting</label>
<button class="flame-reset" type="button">Whole graph</button>
</div>
<p class="flame-details" aria-live="polite" data-hint="${hint}">${hint}</p>
<div class="flame-chart" role="img" aria-label="Flame graph; the tables tell the same in figures"></div>
${shown.map(functionTables).join('\n')}
<script class="flame-data" type="application/json">${jsonInElement(data)}</script>
</section>`
}

const hint =
  'Callers stand above what they call; the wider, the more. Point at a frame to read its figures, choose one to see it alone.'

function summary({ kind, merged, threads }: ProfileAnalysis): string {
  const sampled = merged.samples > 0 ? `${plural(merged.samples, 'sample')} of ` : ''
  const amount = kind === 'cpu' ? `${span(merged.total / 1000)} of their time` : `${number(merged.total / 1e6, 1)} MB`
  return `${sampled}${plural(threads.length, 'thread')}, ${amount}.`
}

function shareTable(threads: readonly ThreadAnalysis[], kind: ProfileAnalysis['kind']): string {
  const present = categories.filter((category) => threads.some(({ shares }) => shareIn(shares, category) > 0))
  const head = present.map((category) => {
    return `<th scope="col" title="${accounts[category]}"><span class="flame-key flame-is-${category}"></span>${category}</th>`
  })
  const rows = threads.map(({ thread, shares }) => {
    const bars = present.map((category) => {
      return `<span class="flame-is-${category}" style="width:${(100 * shareIn(shares, category)).toFixed(2)}%"></span>`
    })
    const cells = present.map((category) => `<td>${percent(shareIn(shares, category))}</td>`)
    return `<tr><th scope="row" class="flame-start">${escaped(thread)}</th><td><div class="flame-bar">${bars.join('')}</div></td>${cells.join('')}</tr>`
  })
  const legend = present.map((category) => `${category}: ${accounts[category]}`).join(' · ')
  return `<div class="flame-wide"><table>
<thead><tr><th scope="col" class="flame-start">% of ${kind === 'cpu' ? 'samples' : 'bytes'}</th><th></th>${head.join('')}</tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>
<p class="flame-dim"><small>${escaped(legend)}</small></p>`
}

/** One for each thread, of which the script shows the chosen one; without it, all together is what is shown. */
function functionTables(analysis: ThreadAnalysis, index: number): string {
  const tables = (['self', 'total'] as const).map((by) => {
    const title = by === 'self' ? 'Most of their own' : 'Most with what they call'
    const rows = topFunctions(analysis, by, functionsShown).map((cost) => {
      const where = place(cost)
      const source = where === '' ? '' : `<small>${escaped(where)}</small>`
      return `<tr><td>${percent(cost.selfShare)}</td><td>${percent(cost.totalShare)}</td><td class="flame-name">${escaped(cost.name)}${source}</td><td class="flame-start" title="${cost.category}"><span class="flame-key flame-is-${cost.category}"></span><span class="flame-account">${cost.category}</span></td></tr>`
    })
    return `<h3>${title}: ${escaped(analysis.thread)}</h3>
<p class="flame-dim"><small>${analysis.tree.kind === 'cpu' ? 'Shares of the busy time: waiting counts for nobody.' : 'Shares of the bytes.'}</small></p>
<div class="flame-wide"><table>
<thead><tr><th scope="col">self %</th><th scope="col">total %</th><th scope="col" class="flame-name">function</th><th scope="col" class="flame-start">of</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`
  })
  return `<div data-thread="${index}"${index === 0 ? '' : ' hidden'}>\n${tables.join('\n')}\n</div>`
}

function shareIn(shares: ThreadAnalysis['shares'], wanted: (typeof categories)[number]): number {
  return shares.find(({ category }) => category === wanted)?.share ?? 0
}

function percent(share: number): string {
  return (100 * share).toFixed(1)
}
