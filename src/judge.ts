import { find } from './catalog.js'
import type { Verdict, VerdictResult } from './checker.js'
import { commandFor } from './command.js'
import type { Evidence } from './evidence.js'
import { type Report, type SkippedChecker, worst } from './report.js'

/** Puts the evidence before every checker that the plan names. Never rejects: what can't be judged is `unknown`. */
export async function judge(evidence: Evidence): Promise<Report> {
  const verdicts: Verdict[] = []
  const skipped: SkippedChecker[] = []
  for (const name of evidence.plan.checkers) {
    const answer = await ask(name, evidence)
    if ('reason' in answer) skipped.push(answer)
    else verdicts.push(answer)
  }
  return {
    schemaVersion: 1,
    result: overall(verdicts, evidence),
    verdicts,
    skipped,
    evidence,
    command: commandFor(evidence.plan),
  }
}

async function ask(name: string, evidence: Evidence): Promise<Verdict | SkippedChecker> {
  let question = ''
  try {
    const checker = await find('checkers', name)
    question = checker.question
    const applies = checker.applies?.(evidence) ?? true
    if (applies !== true) return { checker: name, reason: applies }
    const { result, summary, details = [] } = checker.check(evidence)
    return { checker: name, question, result, summary, details }
  } catch (error) {
    return { checker: name, question, result: 'unknown', summary: `the checker failed: ${firstLine(error)}` }
  }
}

/** What was cut short may have gone on to contradict itself, so it is never valid; a contradiction already seen stands. */
function overall(verdicts: readonly Verdict[], evidence: Evidence): VerdictResult {
  const results = verdicts.map((verdict) => verdict.result)
  return worst(evidence.interrupted ? [...results, 'unknown'] : results)
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.split('\n', 1)[0] ?? ''
}
