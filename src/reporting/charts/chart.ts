import type { CircuitState } from '../../breaker/life/control-word.js'

/**
 * What the page's script draws one chart from: plain data, written into the page as JSON. Points are few and figures
 * short, since a page holds several charts for each run.
 */
export interface Chart {
  /** `time`: seconds since the gate opened. `percentile`: −log₁₀ of the share of calls that took longer, so 2 is 99 %. */
  readonly across: 'time' | 'percentile'
  readonly x: readonly number[]
  readonly lines: readonly ChartLine[]
  readonly left: ChartScale
  readonly right?: ChartScale
  /** Shaded behind the lines. */
  readonly stages: readonly ChartStage[]
  /** Drawn below the lines, on the same axis. */
  readonly bands: readonly ChartBand[]
  /** The cursors of charts with the same name move together. */
  readonly together?: string
}

export interface ChartScale {
  readonly unit: string
  /** From zero, unless growth from whatever it began with is what matters; percentiles of calls that differ a hundredfold by powers of ten. */
  readonly kind: 'from-zero' | 'free' | 'logarithmic'
}

export interface ChartLine {
  readonly label: string
  /** Null where nothing is known. */
  readonly values: readonly (number | null)[]
  readonly scale: 'left' | 'right'
  /** Which of the page's colours; beyond the last they come again, dashed. */
  readonly colour: number
}

export interface ChartStage {
  readonly name: string
  readonly role: string
  readonly from: number
  readonly to: number
}

export interface ChartBand {
  readonly name: string
  readonly spans: readonly ChartSpan[]
}

/** `changing`: several states, each too short to be drawn. */
export type BandState = CircuitState | 'changing'

export type ChartSpan = readonly [from: number, to: number, state: BandState]

/** Four digits are finer than any screen. */
export function short(value: number): number {
  return Number(value.toPrecision(4))
}

/** To the millisecond. */
export function seconds(atMs: number): number {
  return Math.round(atMs) / 1000
}
