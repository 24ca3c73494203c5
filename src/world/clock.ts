/** Time as the code under test sees it. */
export interface Clock {
  /** Milliseconds, with fractions, since an origin that all threads of the process share. Never goes back. */
  nowMs(): number
}

const { hrtime } = process

/**
 * The process's monotonic clock, that of `process.hrtime`: one origin for all threads. `performance.now()` counts from each
 * thread's own, and leaves a number behind for each reading; V8 makes the pair below into no object at all.
 */
export const monotonicClock: Clock = {
  nowMs() {
    const time = hrtime()
    return time[0] * 1000 + time[1] / 1e6
  },
}

/** Wall time as ISO 8601, in UTC, for what people read. Never for a duration. */
export function wallTimeText(): string {
  return new Date().toISOString()
}

/** A wall time, in milliseconds since 1970, as ISO 8601, in UTC. */
export function wallTimeTextAt(timeMs: number): string {
  return new Date(timeMs).toISOString()
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

/** Wall time since 1970: for what follows the calendar. It goes back when the machine's clock is set back. */
export const wallClock: Clock = { nowMs: wallTimeMs }
