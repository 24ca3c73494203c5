import type { VerdictResult } from '../../checker.js'
import type { Operation } from '../../history/history.js'
import type { Report } from '../../report.js'
import type { Detection } from '../detection.js'
import type { Explored } from '../exploring.js'
import type { Grade } from '../litmus.js'
import type { Effort } from '../raced-program.js'

/** How real threads behaved on a small program, beside what interleavings allow. */
export interface LitmusResult {
  readonly litmus: string
  readonly question: string
  readonly result: VerdictResult
  readonly iterations: number
  readonly outcomes: readonly { readonly outcome: string; readonly grade: Grade; readonly count: number }[]
  /** Histories of real threads that were found linearizable. */
  readonly histories: number
  readonly notLinearizable?: readonly Operation[]
}

/** Real threads on code that ships: each outcome must be one that the explorer has found. */
export interface ThreadsResult {
  readonly program: string
  readonly index: number
  readonly case: string
  readonly result: VerdictResult
  readonly iterations: number
  readonly seen: number
  readonly possible: number
  readonly impossible: readonly string[]
  /** Histories of marked calls that were judged, and the first that is not linearizable. */
  readonly histories: number
  readonly notLinearizable?: readonly Operation[]
}

export interface RaceReport {
  readonly schemaVersion: 1
  readonly result: VerdictResult
  readonly effort: Effort
  readonly interrupted: boolean
  readonly elapsedMs: number
  readonly detections: readonly Detection[]
  readonly explored: readonly Explored[]
  readonly litmus: readonly LitmusResult[]
  readonly threads: readonly ThreadsResult[]
  /** Scenarios of the stress engine, with complete journals. */
  readonly scenarios: readonly Report[]
  /** What could not be carried out, and why. */
  readonly failed: readonly { readonly what: string; readonly why: string }[]
  /** Runs the same again. */
  readonly command: string
}

/** Of how many checkers on how many broken targets each caught what it had to. */
export interface DetectionScore {
  readonly targets: number
  readonly asked: number
  readonly caught: number
  readonly falseAlarms: number
}

export function scoreOf(detections: readonly Detection[]): DetectionScore {
  return {
    targets: new Set(detections.map(({ target }) => target)).size,
    asked: detections.length,
    caught: detections.filter(({ caught }) => caught).length,
    falseAlarms: detections.filter(({ falseAlarm }) => falseAlarm).length,
  }
}

/** Invalid also if a checker missed a mistake, or saw one where there is none: then nothing that it says is worth anything. */
export function resultOf(report: Omit<RaceReport, 'result'>): VerdictResult {
  const { detections, explored, litmus, threads, scenarios, failed, interrupted } = report
  const results: VerdictResult[] = [
    ...detections.map(({ caught, falseAlarm }): VerdictResult => (caught && !falseAlarm ? 'valid' : 'invalid')),
    ...explored.map(({ exploration }) => exploration.verdict),
    ...[...litmus, ...threads, ...scenarios].map(({ result }) => result),
  ]
  if (results.includes('invalid')) return 'invalid'
  return results.includes('unknown') || failed.length > 0 || interrupted || results.length === 0 ? 'unknown' : 'valid'
}
