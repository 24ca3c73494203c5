import { performance } from 'node:perf_hooks'

/** Time as the code under test sees it. */
export interface Clock {
  /** Milliseconds, with fractions, since an origin that all threads of the process share. Never goes back. */
  nowMs(): number
}

const thisThreadsOriginMs = Number(process.hrtime.bigint()) / 1e6 - performance.now()

/**
 * The process's monotonic clock. `performance.now()` counts from each thread's own origin; the distance to the common
 * one (`process.hrtime`, which has a single origin) is measured once per thread, so that times of different threads
 * compare to within the microsecond that the measurement takes.
 */
export const monotonicClock: Clock = {
  nowMs: () => performance.now() + thisThreadsOriginMs,
}

/** Wall time, in milliseconds since 1970, for what people read. Never for a duration. */
export function wallTimeMs(): number {
  return Date.now()
}

/** Wall time as ISO 8601, in UTC. */
export function wallTimeText(): string {
  return new Date().toISOString()
}
