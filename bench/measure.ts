import type { Row } from './row.js'

/**
 * One row of the table, or a few that share what they are measured on.
 *
 * Each measure runs in a fresh process: what V8 has learnt from one breaker, that a call may end in this window's code or in
 * that one's, would slow the next down, and a ratio would depend on the order of the rows.
 */
export interface Measure {
  /** Kebab case; `--only` looks for a part of it. */
  readonly name: string
  /** Flags of the process that it runs in. */
  readonly execArgv?: readonly string[]
  /** When a process of it is given up; a minute without it. */
  readonly limitMs?: number
  run(effort: Effort): Promise<readonly Row[]>
}

/** How long to measure. */
export interface Effort {
  /** V8 compiles the same code a little better or worse from process to process: of so many, the middle one counts. */
  readonly processes: number
  /** How often each candidate of a row has its turn. */
  readonly rounds: number
  readonly turnMs: number
}

/**
 * Many short turns find one that nothing disturbed, on a machine with others at work, where a few long ones may not: of
 * 9 × 60 ms one run in two was a fifth off, of 60 × 10 ms none. Shorter ones than that fall between two garbage collections.
 */
export const thorough: Effort = { processes: 3, rounds: 40, turnMs: 10 }
/** For a look: its figures are too few to be kept. */
export const quick: Effort = { processes: 1, rounds: 12, turnMs: 10 }
