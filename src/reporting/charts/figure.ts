import type { Chart } from './chart.js'

/** A chart with its words. */
export interface ChartFigure {
  readonly title: string
  /** What is seen, for whoever doesn't see it; where the same is told in figures. */
  readonly description: string
  readonly chart: Chart
  /** What must be known to read it: what was left out, or how it was measured. */
  readonly notes: readonly string[]
}
