import type { BandState } from '../charts/chart.js'
import type { ChartFigure } from '../charts/figure.js'
import { Html, html, jsonInElement } from './markup.js'

const hint = 'Point at the plot to read it, drag along it to see a part alone, double-click to see all.'

/** A chart with a line below it that tells of the moment that is pointed at, and until then how to. */
export function readChartFigure(figure: ChartFigure): Html {
  const reading = html`<p class="chart-reading dim" aria-live="polite" data-hint="${hint}">${hint}</p>`
  return chartFigure(figure, reading)
}

/** The place of a chart and what it is drawn from; a script draws it. */
export function chartFigure({ title, description, chart, notes }: ChartFigure, reading?: Html): Html {
  const states = [...new Set(chart.bands.flatMap(({ spans }) => spans.map(([, , state]) => state)))]
  const told = `${description}. The tables tell it in figures.`
  return html`<figure class="chart" data-description="${told}">
<figcaption><b>${title}</b></figcaption>
<div class="chart-units"><span>${chart.left.unit}</span><span>${chart.right?.unit}</span></div>
<div class="chart-place"><noscript>${told}</noscript></div>
${states.length > 0 ? stateKey(states) : undefined}
${reading}
${notes.map((note) => html`<p class="dim"><small>${note}</small></p>`)}
<script class="chart-data" type="application/json">${new Html(jsonInElement(chart))}</script>
</figure>`
}

/** The colours of the bands: names stand beside them, as not everybody tells them apart. */
function stateKey(states: readonly BandState[]): Html {
  return html`<p class="chart-key">${states.map((state) => html`<span><i class="state-${state}"></i>${state}</span>`)}</p>`
}
