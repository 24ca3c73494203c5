import { explore } from '../explore/explore.js'
import type { Failure, FailureKind } from '../explore/judging/failure.js'
import type { BrokenTarget } from './broken-target.js'
import { type CheckerName, checkers, type Question } from './question.js'

/** What a checker made of a broken target. */
export interface Detection {
  readonly target: string
  readonly checker: CheckerName
  readonly caught: boolean
  /** Whether it also found something in the one without the mistake. */
  readonly falseAlarm: boolean
  /** Executions until it was found; and those of the mended one, all of them. */
  readonly executions: number
  readonly mendedExecutions: number
  /** What was found: of a false alarm, in the mended one. */
  readonly failure?: Failure
  /** Why it counts as not caught, or as a false alarm. */
  readonly complaint?: string
}

export interface DetectionBudget {
  readonly timeMs: number
}

/** Asks each checker that the target names, alone: it must catch the mistake, and find nothing where there is none. */
export function detect(name: string, target: BrokenTarget, { timeMs }: DetectionBudget): Detection[] {
  const asked = Object.entries(target.caughtBy) as [CheckerName, Question][]
  return asked.map(([checker, question]) => {
    const budget = { timeMs }
    const broken = explore({ ...target.broken, ...question, budget })
    const mended = explore({ ...target.mended, ...question, budget })
    const kinds: readonly FailureKind[] = checkers[checker]
    const caught = broken.failure !== undefined && kinds.includes(broken.failure.kind)
    const falseAlarm = mended.verdict !== 'valid'
    const failure = falseAlarm ? mended.failure : broken.failure
    const complaint =
      complaintOf(broken.failure, caught) ??
      (falseAlarm ? `mended: ${mended.verdict}, ${mended.failure?.reason ?? 'not exhausted in time'}` : undefined)
    return {
      target: name,
      checker,
      caught,
      falseAlarm,
      executions: broken.traces + broken.sleepBlocked,
      mendedExecutions: mended.traces + mended.sleepBlocked,
      ...(failure ? { failure } : {}),
      ...(complaint ? { complaint } : {}),
    }
  })
}

function complaintOf(failure: Failure | undefined, caught: boolean): string | undefined {
  if (caught) return undefined
  return failure ? `found something else: ${failure.kind}, ${failure.reason}` : 'found nothing'
}
