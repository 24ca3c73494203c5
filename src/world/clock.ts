import { performance } from 'node:perf_hooks'

/** Time as the code under test sees it. */
export interface Clock {
  /** Milliseconds, with fractions, since an origin that all threads of the process share. Never goes back. */
  nowMs(): number
}

const SAMPLES = 9

/**
 * How far this thread's origin lies from the common one. A thread may lose its processor between the two readings, so of
 * several samples the one that took least is the true one, to within the microsecond that it took.
 */
function measureOffsetMs(): number {
  let best = Number.POSITIVE_INFINITY
  let offsetMs = 0
  for (let sample = 0; sample < SAMPLES; sample++) {
    const before = Number(process.hrtime.bigint()) / 1e6
    const own = performance.now()
    const tookMs = Number(process.hrtime.bigint()) / 1e6 - before
    if (tookMs >= best) continue
    best = tookMs
    offsetMs = before + tookMs / 2 - own
  }
  return offsetMs
}

const thisThreadsOffsetMs = measureOffsetMs()

/**
 * The process's monotonic clock. `performance.now()` counts from each thread's own origin; `process.hrtime` has one origin
 * for all, but allocates. So each thread measures the distance once, and the times of different threads compare.
 */
export const monotonicClock: Clock = {
  nowMs: () => performance.now() + thisThreadsOffsetMs,
}

/** Wall time as ISO 8601, in UTC, for what people read. Never for a duration. */
export function wallTimeText(): string {
  return new Date().toISOString()
}

/** The wall time that a date names, in milliseconds since 1970; undefined if it is no date. */
export function wallTimeOf(date: string): number | undefined {
  const ms = Date.parse(date)
  return Number.isNaN(ms) ? undefined : ms
}

/** Wall time in milliseconds since 1970, for what outlives the process. Never for a duration within it. */
export function wallTimeMs(): number {
  return Date.now()
}
