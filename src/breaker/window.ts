import type { Cells } from '../memory/cells.js'
import type { Clock } from '../world/clock.js'
import type { ControlWords } from './life/control-word.js'
import type { MemoryMap } from './storage/memory-map.js'
import type { Counters } from './threads/counters.js'

/**
 * How much of the past decides. One object a thread; what it shares is in shared memory.
 *
 * A window counts the call on the thread's own line and says whether the circuit should open. It never makes the
 * transition itself, and it never looks at lives other than the one that it is given.
 */
export interface Window {
  /**
   * Counts a success of `life`. `watched` says that a failure was recorded in that life before.
   * Returns true if the threshold is reached.
   */
  recordSuccess(life: number, watched: boolean): boolean
  /** Counts a failure of `life`, which is watched by now. Returns true if the threshold is reached. */
  recordFailure(life: number): boolean
  /** What the window holds for `life`: the figures that a decision rests on. */
  measure(life: number): WindowMeasure
}

export interface WindowMeasure {
  /** Calls that count. A consecutive window knows its failures only, so there it is their number too. */
  readonly calls: number
  readonly failures: number
}

/** What a thread's window works with. */
export interface WindowSetting {
  readonly cells: Cells
  readonly map: MemoryMap
  readonly words: ControlWords
  readonly counters: Counters
  readonly slot: number
  readonly clock: Clock
}
