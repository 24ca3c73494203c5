import type { Evidence } from './evidence.js'

/** A judge: a pure function from evidence to verdict. One file in `checkers/`, default export; its file name is its name. */
export interface Checker {
  readonly name: string
  /** The question that it answers, in a sentence. */
  readonly question: string
  /**
   * Whether there is anything to ask: true, or the reason why not. A checker that doesn't apply is listed with its
   * reason apart from the verdicts and doesn't count. What should have been seen and wasn't is `unknown` instead.
   */
  applies?(evidence: Evidence): true | string
  check(evidence: Evidence): Judgement
}

/** Anything that timed out, crashed or could not be seen is `unknown`, and `unknown` never passes. */
export type VerdictResult = 'valid' | 'invalid' | 'unknown'

export interface Judgement {
  readonly result: VerdictResult
  /** One sentence with the figures that decide. */
  readonly summary: string
  /** One line a finding; for `invalid`, what contradicts the claim and where to look. */
  readonly details?: readonly string[]
}

export interface Verdict extends Judgement {
  readonly checker: string
  readonly question: string
}
