import { medianOf, type Reading } from './ranks.js'

/** A series and its jumps, apart. */
export interface Parted {
  /** The series as it were if each jump had been a step like the others. */
  readonly smooth: readonly Reading[]
  /** What the jumps come to together, beyond those steps: near 0 where what was taken is given back. */
  readonly jumped: number
}

/** A step is a jump from so many median absolute deviations on. Of a normal distribution none in a million is as far off. */
const DEVIATIONS = 10

/**
 * Takes the jumps out of a series. A table that doubles its room is one in a heap that grows by small steps; so is a buffer
 * that is there at some readings and not at others. Both make the readings remember for long, and hide the steps between.
 *
 * Which steps are jumps is said by the median absolute deviation (Hampel 1974), as that is not moved by the jumps themselves.
 */
export function partJumps(readings: readonly Reading[]): Parted {
  const steps = readings.slice(1).map(({ value }, index) => value - (readings[index] as Reading).value)
  const usual = medianOf(steps.toSorted((one, other) => one - other))
  const deviation = medianOf(steps.map((step) => Math.abs(step - usual)).sort((one, other) => one - other))
  let jumped = 0
  const smooth = readings.map(({ at, value }, index) => {
    const step = steps[index - 1]
    if (step !== undefined && Math.abs(step - usual) > DEVIATIONS * deviation) jumped += step - usual
    return { at, value: value - jumped }
  })
  return { smooth, jumped }
}
