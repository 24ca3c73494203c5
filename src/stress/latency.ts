import { build } from 'hdr-histogram-js'
import type { LatencySummary, PercentilePoint } from '../evidence.js'
import { LARGEST_US, lowestOf } from './histogram.js'

/** Of 10⁹ calls, which no stage has more of, the curve has 61 points. */
const STEPS_PER_HALF = 2

/** What several histograms come to together. */
export function summarize(histograms: readonly Uint32Array[]): LatencySummary {
  const sum = build({ lowestDiscernibleValue: 1, highestTrackableValue: LARGEST_US, numberOfSignificantValueDigits: 3 })
  for (const words of histograms) {
    for (let bucket = 0; bucket < words.length; bucket += 1) {
      const count = words[bucket] as number
      if (count > 0) sum.recordValueWithCount(lowestOf(bucket), count)
    }
  }
  const none = sum.totalCount === 0
  const percentileMs = (percentile: number) => (none ? 0 : sum.getValueAtPercentile(percentile) / 1000)
  return {
    count: sum.totalCount,
    minMs: percentileMs(0),
    meanMs: none ? 0 : sum.mean / 1000,
    p50Ms: percentileMs(50),
    p95Ms: percentileMs(95),
    p99Ms: percentileMs(99),
    p999Ms: percentileMs(99.9),
    p9999Ms: percentileMs(99.99),
    maxMs: percentileMs(100),
    percentiles: none ? [] : curve(sum.totalCount, percentileMs),
  }
}

/**
 * The percentiles that HDR's own output has: from 0 on each half of what is left to 100 in as many equal steps, and 100 at last.
 * Ends, as each half is half as long, once what is left is less than one call.
 */
function curve(count: number, percentileMs: (percentile: number) => number): PercentilePoint[] {
  const percentiles: number[] = []
  let left = 100
  while (left * count >= 100) {
    for (let step = 0; step < STEPS_PER_HALF; step += 1)
      percentiles.push(100 - left + (left / 2 / STEPS_PER_HALF) * step)
    left /= 2
  }
  return [...percentiles, 100].map((percentile) => ({ percentile, ms: percentileMs(percentile) }))
}
