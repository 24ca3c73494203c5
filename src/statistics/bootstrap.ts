import type { Random } from '../world/random.js'
import { seededRandom } from '../world/seeded-random.js'
import { medianOf } from './ranks.js'

/** An estimate, and where what it estimates lies with `CONFIDENCE`. */
export interface Interval {
  readonly estimate: number
  readonly low: number
  readonly high: number
}

export const CONFIDENCE = 0.95
const REPLICATES = 2000
/** The same evidence always gives the same interval. */
const SEED = 20_261_128

/**
 * Percentile bootstrap (Efron & Tibshirani 1993, ch. 13): `replicate` computes the statistic of one resample with the chance that it is
 * given. `undefined` where no replicate is a number.
 */
export function bootstrapped(estimate: number, replicate: (random: Random) => number): Interval | undefined {
  const random = seededRandom(SEED)
  const values = Array.from({ length: REPLICATES }, () => replicate(random)).filter(Number.isFinite)
  if (values.length === 0 || !Number.isFinite(estimate)) return undefined
  values.sort((one, other) => one - other)
  const tail = (1 - CONFIDENCE) / 2
  const at = (share: number) => values[Math.min(values.length - 1, Math.floor(share * values.length))] as number
  return { estimate, low: at(tail), high: at(1 - tail) }
}

/**
 * Mean of one resample of a series whose neighbours resemble each other: whole blocks are drawn, so that what they have in common
 * stays (circular block bootstrap, Politis & Romano 1992), n^⅓ long as is usual for a mean.
 */
export function resampledMean(series: readonly number[], random: Random): number {
  const { length } = series
  const block = Math.max(1, Math.round(Math.cbrt(length)))
  let sum = 0
  for (let taken = 0; taken < length; ) {
    const from = Math.floor(random.next() * length)
    for (let step = 0; step < block && taken < length; step += 1, taken += 1) {
      sum += series[(from + step) % length] as number
    }
  }
  return sum / length
}

/** One resample of readings that are accidents of their own. */
export function resampled(series: readonly number[], random: Random): number[] {
  return series.map(() => series[Math.floor(random.next() * series.length)] as number)
}

export function resampledMedian(series: readonly number[], random: Random): number {
  return medianOf(resampled(series, random).sort((one, other) => one - other))
}

/** A point of a distribution: so many percent, from 0 to 100, are at most `ms`. */
export interface DistributionPoint {
  readonly percentile: number
  readonly ms: number
}

/** The value at a percentile, in a straight line between the two points around it; `NaN` of no points. */
export function valueAt(points: readonly DistributionPoint[], percentile: number): number {
  const after = points.findIndex((point) => point.percentile >= percentile)
  if (after < 0) return points.at(-1)?.ms ?? Number.NaN
  const high = points[after] as DistributionPoint
  const low = points[after - 1]
  if (!low || high.percentile === low.percentile) return high.ms
  return low.ms + ((high.ms - low.ms) * (percentile - low.percentile)) / (high.percentile - low.percentile)
}

/**
 * A percentile of one resample of `count` calls with this distribution: it is the value at a share that is itself drawn, about
 * normal around the percentile's with variance p (1 − p) ÷ n (the order statistic of a uniform sample; David & Nagaraja 2003).
 */
export function resampledPercentile(
  points: readonly DistributionPoint[],
  count: number,
  percentile: number,
  random: Random,
): number {
  const share = percentile / 100
  const deviation = Math.sqrt((share * (1 - share)) / count)
  const drawn = share + deviation * normal(random)
  return valueAt(points, 100 * Math.min(1, Math.max(0, drawn)))
}

/** Box & Muller 1958. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
}
