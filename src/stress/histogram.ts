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

export const LARGEST_US = 2 ** 26 - 1

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
