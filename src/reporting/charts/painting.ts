import type uPlot from 'uplot'
import type { Chart } from './chart.js'
import type { Look } from './in-page.js'

/** A canvas, as far as it is painted on here. */
interface Canvas {
  fillStyle: string
  font: string
  textAlign: 'left' | 'right' | 'center'
  textBaseline: 'middle' | 'top'
  fillRect(x: number, y: number, width: number, height: number): void
  fillText(text: string, x: number, y: number): void
  measureText(text: string): { readonly width: number }
  save(): void
  restore(): void
}

/** Shades the stages behind the lines. Runs in the page, and uses nothing from outside itself. */
export function paintStages(plot: uPlot, { stages }: Chart, { colour, ratio }: Look): void {
  const context = plot.ctx as unknown as Canvas
  const { left, top, width, height } = plot.bbox
  for (const { role, from, to } of stages) {
    const start = Math.max(left, plot.valToPos(from, 'x', true))
    const end = Math.min(left + width, plot.valToPos(to, 'x', true))
    if (end <= start) continue
    context.fillStyle = colour(`stage-${role}`)
    context.fillRect(start, top, end - start, height)
    context.fillStyle = colour('grid')
    context.fillRect(start, top, ratio, height)
  }
}

/** Writes the names of the stages at the top, over the grid, where they fit. Runs in the page, and uses nothing from outside itself. */
export function paintNames(plot: uPlot, { stages }: Chart, { colour, ratio }: Look): void {
  const context = plot.ctx as unknown as Canvas
  const { left, top, width } = plot.bbox
  context.save()
  context.font = `${11 * ratio}px system-ui, sans-serif`
  context.textAlign = 'left'
  context.textBaseline = 'top'
  for (const { name, role, from, to } of stages) {
    const start = Math.max(left, plot.valToPos(from, 'x', true))
    const room = Math.min(left + width, plot.valToPos(to, 'x', true)) - start
    const wide = context.measureText(name).width
    if (wide > room - 8 * ratio) continue
    context.fillStyle = colour(`stage-${role}`)
    context.fillRect(start + 2 * ratio, top + ratio, wide + 4 * ratio, 14 * ratio)
    context.fillStyle = colour('dim')
    context.fillText(name, start + 4 * ratio, top + 3 * ratio)
  }
  context.restore()
}

/**
 * Paints the states of each view of the circuit below the plot. What is short comes last and has two pixels at least, so that a
 * circuit that was half-open for a moment is seen. Runs in the page, and uses nothing from outside itself.
 */
export function paintBands(plot: uPlot, { bands }: Chart, look: Look): void {
  const { colour, ratio, bandHeight, bandStep, bandGap } = look
  const context = plot.ctx as unknown as Canvas
  const { left, top, width, height } = plot.bbox
  const tall = bandHeight * ratio
  context.save()
  context.font = `${Math.min(11, bandHeight) * ratio}px system-ui, sans-serif`
  context.textBaseline = 'middle'
  for (const [index, { name, spans }] of bands.entries()) {
    const y = top + height + (bandGap + index * bandStep) * ratio
    context.fillStyle = colour('dim')
    context.textAlign = 'right'
    context.fillText(name, left - 6 * ratio, y + tall / 2)
    const placed = spans
      .map(([from, to, state]) => {
        const start = Math.max(left, plot.valToPos(from, 'x', true))
        return { state, start, wide: Math.min(left + width, plot.valToPos(to, 'x', true)) - start }
      })
      .filter(({ wide }) => wide >= 0)
      .sort((one, other) => other.wide - one.wide)
    context.textAlign = 'center'
    for (const { state, start, wide } of placed) {
      context.fillStyle = colour(`state-${state}`)
      context.fillRect(Math.min(start, left + width - 2 * ratio), y, Math.max(wide, 2 * ratio), tall)
      context.fillStyle = colour('state-text')
      const fits = bandHeight >= 12 && context.measureText(state).width < wide - 8 * ratio
      if (fits) context.fillText(state, start + wide / 2, y + tall / 2)
    }
  }
  context.restore()
}
