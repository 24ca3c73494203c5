import type { Machine } from './machine/machine.js'

/** How far an exploration has come. A strategy counts here what it does. */
export class Tally {
  /** Executions followed to their end: with `dpor` one of each class that differs in more than the order of independent steps. */
  traces = 0
  /** Executions begun and given up, as everything that follows was seen elsewhere. */
  sleepBlocked = 0
  /** Different states met, by a strategy that tells them apart. */
  states = 0
  /** Steps made. */
  steps = 0
  /** Whether nothing is left to explore. */
  exhausted = false
  /** How many interleavings the executions stand for, if the strategy counts them. */
  interleavings: bigint | undefined
  /** Up to how many preemptions everything was explored. */
  preemptions: number | undefined
}

/** Looks at what a strategy does, and says whether it has seen enough. */
export interface Judge {
  /** After each step forward. True: a failure was found, and the machine stands at it. */
  afterStep(): boolean
  /** When no thread can go on. True as above. */
  atEnd(): boolean
  /** What goes into a state beside memory and threads, if the judge follows more: a history. */
  readonly extra: ((row: Int32Array, at: number) => number) | undefined
  /** Before each step back. */
  beforeUndo(): void
}

/** What a strategy is given. */
export interface Search {
  readonly machine: Machine
  readonly judge: Judge
  readonly tally: Tally
  readonly options: StrategyOptions
}

export interface StrategyOptions {
  /** For `pct` and `random`. */
  readonly seed: number
  /** For `pct`: how many ordering constraints a fault may need (the d of Burckhardt et al. 2010). */
  readonly depth: number
  /** For `preemption-bounded`: the most preemptions to try. */
  readonly mostPreemptions: number
  /** For `replay`. */
  readonly schedule: readonly number[]
  /** How many executions to make, of a strategy that does not end by itself. */
  readonly executions: number
  /** How many states to keep. */
  readonly states: number
}

/**
 * A way through the interleavings. It keeps its place between calls, so that whoever drives it can look at the time.
 *
 * `advance` makes up to `steps` steps; it returns true if it has come to its end: everything explored, or a failure found.
 */
export interface Strategy {
  advance(steps: number): boolean
}
