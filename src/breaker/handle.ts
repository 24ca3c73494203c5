import type { Clock } from '../world/clock.js'
import type { Random } from '../world/random.js'

/** What another thread needs to attach. Structured-cloneable; its memory is shared, not copied. */
export interface BreakerHandle {
  readonly name: string
  readonly buffer: SharedArrayBuffer
  /** Index of the breaker's first 32-bit cell in the buffer. */
  readonly firstCell: number
}

/** A permission to make one call; 0 is none. Of use in the thread that took it only, and for one report. */
export type Permission = number

/** Where the breaker's time and chance come from; for tests. */
export interface BreakerWorld {
  readonly clock?: Clock
  readonly random?: Random
}
