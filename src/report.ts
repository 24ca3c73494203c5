import type { Verdict, VerdictResult } from './checker.js'
import type { Evidence } from './evidence.js'

/** What a run comes to: the evidence, what each checker said of it, and the way back. */
export interface Report {
  /** Version of this format; see docs/report.md. */
  readonly schemaVersion: 1
  readonly result: VerdictResult
  readonly verdicts: readonly Verdict[]
  /** Checkers of the plan that had nothing to ask of this run, and why; they don't count. */
  readonly skipped: readonly SkippedChecker[]
  readonly evidence: Evidence
  /** The one command that runs the same plan again; of a plan that none makes, a comment to a shell that says so. */
  readonly command: string
}

export interface SkippedChecker {
  readonly checker: string
  readonly reason: string
}

/** The worst of several answers: invalid before unknown before valid; of none, unknown. */
export function worst(results: readonly VerdictResult[]): VerdictResult {
  if (results.includes('invalid')) return 'invalid'
  if (results.length === 0 || results.includes('unknown')) return 'unknown'
  return 'valid'
}
