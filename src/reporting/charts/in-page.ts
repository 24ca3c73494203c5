import type uPlot from 'uplot'
import type { BandState, Chart, ChartLine, ChartScale } from './chart.js'

/** The little of a browser that is used; the project compiles without its types, as everything else runs in Node. */
interface Part {
  textContent: string | null
  readonly clientWidth: number
  readonly dataset: Readonly<Record<string, string | undefined>>
  querySelectorAll(selector: string): Iterable<Part>
  setAttribute(name: string, value: string): void
  replaceChildren(): void
}

export interface Browser {
  readonly document: { readonly documentElement: Part; querySelectorAll(selector: string): Iterable<Part> }
  readonly uPlot: typeof uPlot
  readonly ResizeObserver: new (resized: () => void) => { observe(part: Part): void }
  getComputedStyle(part: Part): { getPropertyValue(name: string): string }
  matchMedia(query: string): { addEventListener(type: 'change', listener: () => void): void }
}

/** What is painted on a plot beside its lines. */
export interface Painting {
  readonly stages: (plot: uPlot, chart: Chart, look: Look) => void
  readonly names: (plot: uPlot, chart: Chart, look: Look) => void
  readonly bands: (plot: uPlot, chart: Chart, look: Look) => void
}

export interface Look {
  readonly colour: (name: string) => string
  /** Height of a band, and from one to the next, in pixels of the page. */
  readonly bandHeight: number
  readonly bandStep: number
  readonly bandGap: number
  /** Pixels of the screen in one of the page. */
  readonly ratio: number
}

/**
 * Draws the charts of a page. It runs in the page, where its own text is all that there is of it: so it uses nothing
 * from outside itself but what it is given.
 */
export function showCharts(browser: Browser, painting: Painting): void {
  const { document, uPlot, ResizeObserver } = browser
  const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })
  const plain = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 })
  const axisFont = '12px system-ui, sans-serif'
  const colours = 8
  const redraws: (() => void)[] = []
  for (const figure of document.querySelectorAll('.chart')) show(figure)
  // Colours are painted, so another theme is another picture.
  browser.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
    for (const redraw of redraws) redraw()
  })

  function show(figure: Part): void {
    const chart: Chart = JSON.parse(part(figure, '.chart-data').textContent ?? '')
    const place = part(figure, '.chart-place')
    const [reading] = figure.querySelectorAll('.chart-reading')
    let plot: uPlot | undefined
    let width = 0
    const draw = () => {
      plot?.destroy()
      place.replaceChildren()
      width = place.clientWidth
      const data = [chart.x, ...chart.lines.map(({ values }) => values)] as unknown as uPlot.AlignedData
      plot = new uPlot(
        optionsOf(chart, width, reading),
        data,
        place as unknown as ConstructorParameters<typeof uPlot>[2],
      )
      const canvas = part(place, 'canvas')
      canvas.setAttribute('role', 'img')
      canvas.setAttribute('aria-label', figure.dataset.description ?? '')
    }
    redraws.push(draw)
    new ResizeObserver(() => {
      // A page that is hidden has no width.
      if (place.clientWidth > 0 && place.clientWidth !== width) draw()
    }).observe(place)
    draw()
  }

  function optionsOf(chart: Chart, width: number, reading: Part | undefined): uPlot.Options {
    const look = lookOf(chart)
    const belowPlot = chart.bands.length * look.bandStep + (chart.bands.length > 0 ? look.bandGap : 0)
    const dim = look.colour('dim')
    const lines = { stroke: look.colour('grid'), width: 1 }
    const upright = (scale: 'left' | 'right', side: 1 | 3): uPlot.Axis => ({
      scale,
      side,
      size: 56,
      stroke: dim,
      font: axisFont,
      grid: scale === 'left' ? lines : { show: false },
      ticks: { ...lines, size: 4 },
      values: (_, splits) => splits.map((value) => (value === null ? '' : compact.format(value))),
    })
    return {
      width,
      height: (width < 500 ? 220 : 280) + belowPlot,
      padding: [12, chart.right ? 0 : 16, 0, 0],
      scales: {
        x: { time: false },
        left: scaleOf(chart.left),
        ...(chart.right ? { right: scaleOf(chart.right) } : {}),
      },
      axes: [
        {
          stroke: dim,
          font: axisFont,
          grid: lines,
          ticks: { show: false },
          size: 30 + belowPlot,
          gap: 6 + belowPlot,
          space: 64,
          ...across(chart),
        },
        upright('left', 3),
        ...(chart.right ? [upright('right', 1)] : []),
      ],
      series: [
        {
          label: chart.across,
          value: (_, x) => (x === null ? '–' : chart.across === 'time' ? clock(x, 3) : percentile(x)),
        },
        ...chart.lines.map((line) => seriesOf(chart, line, look)),
      ],
      legend: {
        markers: {
          dash: (_: uPlot, series: number) => ((chart.lines[series - 1]?.colour ?? 0) < colours ? 'solid' : 'dashed'),
        },
      },
      cursor: { y: false, points: { size: 7 }, ...(chart.together ? { sync: { key: chart.together } } : {}) },
      hooks: {
        drawClear: [(plot) => painting.stages(plot, chart, look)],
        draw: [(plot) => painting.names(plot, chart, look), (plot) => painting.bands(plot, chart, look)],
        setCursor: [
          ({ cursor: { idx } }) => read(chart, idx === null || idx === undefined ? undefined : chart.x[idx], reading),
        ],
      },
    }
  }

  function lookOf({ bands }: Chart): Look {
    const style = browser.getComputedStyle(document.documentElement)
    const bandHeight = bands.length > 8 ? 9 : bands.length > 4 ? 12 : 17
    return {
      colour: (name) => style.getPropertyValue(`--${name}`).trim(),
      bandHeight,
      bandStep: bandHeight + 3,
      bandGap: 6,
      ratio: uPlot.pxRatio,
    }
  }

  function seriesOf(chart: Chart, { label, scale, colour }: ChartLine, look: Look): uPlot.Series {
    const { unit } = (scale === 'right' ? chart.right : undefined) ?? chart.left
    const stroke = look.colour(`line-${colour % colours}`)
    return {
      label,
      scale,
      stroke,
      width: 1.75,
      spanGaps: true,
      points: { size: 4, fill: stroke, stroke },
      ...(colour >= colours ? { dash: [6, 4] } : {}),
      value: (_, value) =>
        value === null ? '–' : label.startsWith(unit) ? plain.format(value) : `${plain.format(value)} ${unit}`,
    }
  }

  function scaleOf({ kind }: ChartScale): uPlot.Scale {
    if (kind === 'logarithmic')
      return { distr: 3, range: (_, least, most) => uPlot.rangeLog(least ?? 1, most ?? 10, 10, false) }
    if (kind === 'free') return {}
    return { range: (_, __, most) => [0, (most ?? 0) > 0 ? (most as number) * 1.15 : 1] }
  }

  function across(chart: Chart): uPlot.Axis {
    if (chart.across === 'time') {
      const minutes = [60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400]
      return {
        incrs: [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, ...minutes],
        values: (_, splits) => splits.map((at) => clock(at, 1)),
      }
    }
    return {
      splits: ({ width }, _, from, to) => {
        const pixels = (width - 80) / (to - from)
        const step = Math.ceil(50 / pixels)
        const halfFits = pixels * Math.log10(2) > 44
        return [0, ...(halfFits ? [Math.log10(2)] : []), 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((at) => {
          return at >= from && at <= to && (at < 1 || at % step === 0)
        })
      },
      values: (_, splits) => splits.map(percentile),
    }
  }

  /** What the legend doesn't tell of a moment: the stage, and how many views of the circuit are in which state. */
  function read(chart: Chart, at: number | undefined, reading: Part | undefined): void {
    if (!reading) return
    if (at === undefined) {
      reading.textContent = reading.dataset.hint ?? ''
      return
    }
    const stage = chart.stages.find(({ from, to }) => at >= from && at <= to)
    const states = new Map<BandState, number>()
    for (const { spans } of chart.bands) {
      const state = spans.find(([from, to]) => at >= from && at <= to)?.[2]
      if (state) states.set(state, (states.get(state) ?? 0) + 1)
    }
    const views = [...states].map(([state, count]) => (chart.bands.length > 1 ? `${count} × ${state}` : state))
    reading.textContent = [clock(at, 3), stage?.name, views.join(', ')].filter((text) => text).join(' · ')
  }

  /** `2.5 s`, `3:20`, `1:03:20`. */
  function clock(at: number, decimals: number): string {
    if (at < 60) return `${Number(at.toFixed(decimals))} s`
    const whole = Math.round(at)
    const pair = (value: number) => String(value).padStart(2, '0')
    const below = `${pair(Math.floor(whole / 60) % 60)}:${pair(whole % 60)}`
    return whole >= 3600 ? `${Math.floor(whole / 3600)}:${below}` : below.replace(/^0/, '')
  }

  function percentile(at: number): string {
    const decimals = Math.max(0, Math.ceil(at) - 1)
    return `${Number((100 - 100 * 10 ** -at).toFixed(decimals))} %`
  }

  function part(parent: Part, selector: string): Part {
    const [found] = parent.querySelectorAll(selector)
    if (!found) throw new Error(`the page has no ${selector}`)
    return found
  }
}
