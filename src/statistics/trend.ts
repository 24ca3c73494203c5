import { kendallScore, kendallVariance, medianOf, pairwiseSlopes, type Reading } from './ranks.js'

/** Whether readings rise, how fast, and how sure that is. */
export interface Trend {
  readonly readings: number
  /** Theil–Sen: the median of the slopes of all pairs, in value per unit of `at`. */
  readonly slope: number
  /** Where the true slope lies with 99 % confidence (Sen 1968). */
  readonly slopeMin: number
  readonly slopeMax: number
  /** Mann–Kendall: how many standard deviations the readings are from having no trend; positive when they rise. */
  readonly z: number
  /** How much of one reading's distance from the line is found again in the next: 0 where each is an accident of its own. */
  readonly persistence: number
}

export const CONFIDENCE = 0.99
/** Of the normal distribution, both tails cut off at 99 %. */
const DEVIATIONS = 2.5758
/** Of fewer the normal approximation of S says nothing (Kendall 1975). */
export const READINGS_MIN = 10
/** A series that is all memory has no trend that could be tested; beyond this it is taken for one. */
const PERSISTENCE_MAX = 0.95

/**
 * The trend of a series by ranks, so that one outlier (a collection that came in the middle of a call) moves nothing.
 *
 * Readings of a heap remember: a cache that holds more now does so at the next reading as well. Mann–Kendall takes each
 * for an accident of its own and would call that a trend. So the variance of S is widened by how many readings there are
 * for each that is independent, (1 + r) / (1 − r), with r the lag-1 autocorrelation about the line, where it is positive
 * (Yue & Wang 2004); the interval of the slope is widened with it.
 *
 * Sources: Theil 1950; Sen 1968, "Estimates of the regression coefficient based on Kendall's tau"; Mann 1945; Kendall
 * 1975. The time is n² log n: a thousand readings take about 0.1 s. Undefined of fewer than ten readings.
 */
export function trendOf(readings: readonly Reading[]): Trend | undefined {
  if (readings.length < READINGS_MIN) return undefined
  const slopes = pairwiseSlopes(readings)
  if (slopes.length === 0) return undefined
  const values = readings.map(({ value }) => value)
  const slope = medianOf(slopes)
  const persistence = persistenceAbout(readings, slope)
  const deviation = Math.sqrt((kendallVariance(values) * (1 + persistence)) / (1 - persistence))
  const score = kendallScore(values)
  const reach = Math.min(slopes.length, DEVIATIONS * deviation)
  const rank = (position: number) => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(position)))] as number
  return {
    readings: readings.length,
    slope,
    slopeMin: rank((slopes.length - reach) / 2 - 1),
    slopeMax: rank((slopes.length + reach) / 2),
    // S changes in steps of two, so it is brought one closer to nothing before it is measured (continuity).
    z: deviation === 0 ? 0 : (score - Math.sign(score)) / deviation,
    persistence,
  }
}

/** Lag-1 autocorrelation of what the line leaves over; never negative. */
function persistenceAbout(readings: readonly Reading[], slope: number): number {
  const rest = readings.map(({ at, value }) => value - slope * at)
  const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length
  let together = 0
  let alone = 0
  for (let index = 0; index < rest.length; index += 1) {
    const distance = (rest[index] as number) - mean
    alone += distance * distance
    if (index > 0) together += distance * ((rest[index - 1] as number) - mean)
  }
  return alone === 0 ? 0 : Math.min(PERSISTENCE_MAX, Math.max(0, together / alone))
}
