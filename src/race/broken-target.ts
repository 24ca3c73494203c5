import type { Program } from '../explore/program.js'
import type { Questions } from './question.js'

/**
 * A mistake that somebody could make, on purpose: by it the checkers are judged before they judge anything else. One file in
 * `broken/`, default export; its file name is its name.
 */
export interface BrokenTarget {
  /** What is wrong, in a sentence. */
  readonly mistake: string
  /** Where it was made: a field report by its number, a paper, a textbook. */
  readonly after: string
  /** How it goes wrong, and why the checkers below see that. */
  readonly why: string
  // biome-ignore lint/suspicious/noExplicitAny: what a thread keeps for itself is the program's own affair.
  readonly broken: Program<any>
  /** The same without the mistake: here the same checkers must find nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly mended: Program<any>
  /** Each of these must catch it, alone. */
  readonly caughtBy: Questions
}
