import type { Cells } from '../memory/cells.js'
import type { Clock } from '../world/clock.js'

/** Runs `action` as one operation of the user's: its begin and its end are steps, and go into the history. */
export type Call = <Result>(action: unknown, run: () => Result) => Result

/** What a thread is given beside its cells. */
export interface ThreadWorld {
  /** Its number, from 0. */
  readonly thread: number
  /** Stands still but for the ticks that the explorer chooses. */
  readonly clock: Clock
  /** One of `random`'s values, as the explorer chooses. */
  readonly random: () => number
}

/**
 * What a thread does: synchronous code over `Cells`, whose operations depend on nothing but what earlier ones returned. It
 * is run many times over. What it returns is part of the outcome.
 */
export type Body<Local> = (cells: Cells, call: Call, local: Local) => unknown

/** Makes what a thread keeps for itself, anew for each run. Its operations come before all others, thread by thread. */
export type Factory<Local> = (cells: Cells, world: ThreadWorld) => Local

export interface Program<Local = ThreadWorld> {
  /** How many cells there are, at most 1,048,576; all 0 unless `initial` says otherwise. */
  readonly cells: number
  readonly initial?: readonly number[]
  /** At most 12. */
  readonly threads: readonly Body<Local>[]
  /** Prepares the memory, once; gives what makes each thread's own. Without it a body is given its `ThreadWorld`. */
  readonly setup?: (cells: Cells) => Factory<Local>
  /** How many threads may die, each before any of its operations. Default 0. */
  readonly deaths?: number
  /** What another thread does once it has seen one die. It may never come to it. Only with `deaths: 1`. */
  readonly onDeath?: (cells: Cells, call: Call, local: Local, deadThread: number) => unknown
  /** The virtual clock: where it begins, and by how much it moves on, at moments that the explorer chooses. Default: it stands. */
  readonly clock?: { readonly startMs?: number; readonly ticksMs: readonly number[] }
  /** What a draw may give. Default `[0.5]`. */
  readonly random?: readonly number[]
}
