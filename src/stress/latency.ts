import { build } from 'hdr-histogram-js'
import type { LatencySummary } from '../evidence.js'
import { LARGEST_US, lowestOf } from './histogram.js'

const PERCENTILES = [0, 10, 20, 30, 40, 45, 48, 49, 50, 51, 52, 55, 60, 70, 80, 90, 95, 99, 99.9, 100]

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
    maxMs: percentileMs(100),
    percentiles: none ? [] : PERCENTILES.map((percentile) => ({ percentile, ms: percentileMs(percentile) })),
  }
}
