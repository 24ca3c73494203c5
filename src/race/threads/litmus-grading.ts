import type { Grade } from '../litmus.js'
import type { LitmusResult } from '../report/race-report.js'
import type { PossibleOutcomes } from '../task.js'
import type { Hammered } from './hammer.js'

/** Judges what real threads did by what interleavings allow. Unknown if not all of these are known. */
export function gradeLitmus(
  litmus: string,
  question: string,
  { all, serial, exhausted }: PossibleOutcomes,
  { iterations, outcomes, histories, notLinearizable }: Hammered,
): LitmusResult {
  const gradeOf = (outcome: string): Grade =>
    serial.includes(outcome) ? 'acceptable' : all.includes(outcome) ? 'interesting' : 'forbidden'
  const texts = [...new Set([...all, ...outcomes.keys()])].toSorted()
  const graded = texts.map((outcome) => ({ outcome, grade: gradeOf(outcome), count: outcomes.get(outcome) ?? 0 }))
  const isWrong = notLinearizable !== undefined || (exhausted && graded.some(({ grade }) => grade === 'forbidden'))
  return {
    litmus,
    question,
    result: isWrong ? 'invalid' : exhausted ? 'valid' : 'unknown',
    iterations,
    outcomes: graded,
    histories,
    ...(notLinearizable ? { notLinearizable } : {}),
  }
}
