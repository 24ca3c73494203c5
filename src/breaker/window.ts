import type { Cells } from '../memory/cells.js'
import type { Clock } from '../world/clock.js'
import type { ControlWords } from './life/control-word.js'
import type { Configuration } from './options.js'
import type { MemoryMap } from './storage/memory-map.js'
import type { Counters } from './threads/counters.js'

/**
 * No threshold is reached. Every other verdict is the `Reason` for which the circuit should open, or, less than 0, for
 * which this thread alone should be cut off.
 */
export const NO_VERDICT = 0

/**
 * How much of the past decides. One object a thread; what it shares is in shared memory.
 *
 * A window counts the call on the thread's own line (success or error, and slow) and says whether the circuit should
 * open, and why. It never makes the transition itself, and it never looks at lives other than the one that it is given.
 */
export interface Window {
  /** Counts a success of `life`. `watched` says that a failure or a slow call may have been recorded in that life. */
  recordSuccess(life: number, watched: boolean): number
  /** Counts a failure of `life`, which is watched by now. */
  recordFailure(life: number): number
  /** Counts a slow call of `life`, which is watched by now. */
  recordSlow(life: number, failed: boolean): number
  /** What the window holds for `life`: the figures that a decision rests on. */
  measure(life: number): WindowMeasure
  /**
   * What the last verdict of this thread rested on. The same object each time.
   */
  readonly decided: WindowMeasure
  /** What it holds of one thread. Only of a window that tells threads apart. */
  measureOf?(slot: number, life: number): WindowMeasure
  /** Lets this thread's part begin anew. As above. */
  forgetOwn?(): void
  /** What it holds for `life`, oldest first, as far as its order matters to it. */
  contents(life: number): WindowContent[]
  /** Judges over so few calls from now on, if that is fewer than configured; undefined: as configured. */
  judgeEarly(minimumCalls: number | undefined): void
}

export interface WindowMeasure {
  /** Calls that count. A consecutive window knows its failures only, so there it is their number too. */
  readonly calls: number
  readonly failures: number
  /** Of the calls, failed or not, those that took too long. */
  readonly slow: number
}

export const EMPTY_MEASURE: WindowMeasure = { calls: 0, failures: 0, slow: 0 }

/** Calls that lie together in a window. */
export interface WindowContent extends WindowMeasure {
  /** How long ago they were, in milliseconds; 0 where the window has no time. */
  readonly ageMs: number
}

/** Counts a call of whatever kind; the kinds that are most are counted without this. */
export function recordCall(window: Window, life: number, call: { failed: boolean; slow: boolean; watched: boolean }) {
  if (call.slow) return window.recordSlow(life, call.failed)
  return call.failed ? window.recordFailure(life) : window.recordSuccess(life, call.watched)
}

/** What a thread's window works with. */
export interface WindowSetting {
  readonly cells: Cells
  readonly map: MemoryMap
  readonly words: ControlWords
  readonly counters: Counters
  readonly slot: number
  readonly clock: Clock
  readonly configuration: Configuration
}
