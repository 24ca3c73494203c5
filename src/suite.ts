import type { VerdictResult } from './checker.js'

/** One mark of a suite that was run as a whole, and what was reached. */
export interface SuiteMark {
  readonly scenario: string
  readonly what: string
  /** With its sign: `> 100/s`. */
  readonly wanted: string
  readonly unit: string
  /** What whoever set the mark showed as an example. */
  readonly example?: number
  /** Absent where the run doesn't tell, or there was none. */
  readonly reached?: number
  readonly result: VerdictResult
}
