import { doubles } from '../memory/columns.js'

/** One reading of a series: what was read, and when (or after how many calls). */
export interface Reading {
  readonly at: number
  readonly value: number
}

/** Slopes of all pairs of readings that differ in `at`, in rising order: n (n − 1) / 2 of them. */
export function pairwiseSlopes(readings: readonly Reading[]): Float64Array {
  const slopes = doubles((readings.length * (readings.length - 1)) / 2)
  let count = 0
  for (let later = 1; later < readings.length; later += 1) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      const one = readings[earlier] as Reading
      const other = readings[later] as Reading
      if (other.at === one.at) continue
      slopes[count] = (other.value - one.value) / (other.at - one.at)
      count += 1
    }
  }
  return slopes.subarray(0, count).sort()
}

/** Of numbers in rising order; `NaN` of none. */
export function medianOf(sorted: ArrayLike<number>): number {
  const middle = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[middle] as number
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** Of numbers in any order; `NaN` of none. */
export function median(values: readonly number[]): number {
  return medianOf(values.toSorted((one, other) => one - other))
}

/** Kendall's S: pairs of readings of which the later is the larger, less those of which it is the smaller. */
export function kendallScore(values: readonly number[]): number {
  let score = 0
  for (let later = 1; later < values.length; later += 1) {
    for (let earlier = 0; earlier < later; earlier += 1) {
      score += Math.sign((values[later] as number) - (values[earlier] as number))
    }
  }
  return score
}

/** Variance of S where there is no trend, corrected for equal values (Kendall 1975, p. 55). */
export function kendallVariance(values: readonly number[]): number {
  const alike = new Map<number, number>()
  for (const value of values) alike.set(value, (alike.get(value) ?? 0) + 1)
  const part = (n: number) => n * (n - 1) * (2 * n + 5)
  return [...alike.values()].reduce((left, count) => left - part(count), part(values.length)) / 18
}
