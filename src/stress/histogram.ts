import { build } from 'hdr-histogram-js'
import type { LatencySummary } from '../evidence.js'

/**
 * Latencies as words in shared memory: HDR's log-linear buckets, in microseconds, with three significant digits.
 *
 *     0 … 2047 µs           one word each
 *     2^k … 2^(k+1)−1 µs    1024 words, each 2^(k−10) µs wide, for k = 11 … 25
 *
 * The buckets are those of hdr-histogram-js, so feeding it one value a bucket afterwards gives the same percentiles as if
 * it had recorded every call; recording there would cost fifteen times as much. A histogram takes 68 KB of address
 * space, of which the system backs only the pages that were written: a hundred workers × five stages and the drain ×
 * two kinds reserve 80 MB and use a few.
 *
 * Limits: what takes longer than 67 s is recorded as 67 s; a word overflows after 4·10⁹ calls in one bucket.
 */
export const HISTOGRAM_WORDS = 16 * 1024 + 1024

const LARGEST_US = 2 ** 26 - 1

/** The bucket of a duration in whole microseconds. */
export function bucketOf(us: number): number {
  if (us < 2048) return Math.max(us, 0)
  if (us > LARGEST_US) return HISTOGRAM_WORDS - 1
  const magnitude = 21 - Math.clz32(us)
  return (magnitude << 10) + (us >>> magnitude)
}

/** The smallest duration, in microseconds, that falls into the bucket. */
export function lowestOf(bucket: number): number {
  if (bucket < 2048) return bucket
  const magnitude = (bucket >> 10) - 1
  return ((bucket & 1023) + 1024) * 2 ** magnitude
}

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
    maxMs: none ? 0 : sum.maxValue / 1000,
  }
}
