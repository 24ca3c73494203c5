import type { BandState } from '../charts/chart.js'
import type { ChartFigure } from '../charts/figure.js'
import { Html, html, jsonInElement } from './markup.js'

const hint = 'Point at the plot to read it, drag along it to see a part alone, double-click to see all.'

/** The place of a chart and what it is drawn from; a script draws it. */
export function chartFigure({ title, description, chart, notes }: ChartFigure): Html {
  const states = [...new Set(chart.bands.flatMap(({ spans }) => spans.map(([, , state]) => state)))]
  const told = `${description}. The tables tell it in figures.`
  return html`<figure class="chart" data-description="${told}">
<figcaption><b>${title}</b></figcaption>
<div class="chart-units"><span>${chart.left.unit}</span><span>${chart.right?.unit}</span></div>
<div class="chart-place"><noscript>${told}</noscript></div>
${states.length > 0 ? stateKey(states) : undefined}
<p class="chart-reading dim" aria-live="polite" data-hint="${hint}">${hint}</p>
${notes.map((note) => html`<p class="dim"><small>${note}</small></p>`)}
<script class="chart-data" type="application/json">${new Html(jsonInElement(chart))}</script>
</figure>`
}

/** The colours of the bands: names stand beside them, as not everybody tells them apart. */
function stateKey(states: readonly BandState[]): Html {
  return html`<p class="chart-key">${states.map((state) => html`<span><i class="state-${state}"></i>${state}</span>`)}</p>`
}
