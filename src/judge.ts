import { isDeepStrictEqual } from 'node:util'
import { find } from './catalog.js'
import type { Verdict, VerdictResult } from './checker.js'
import { commandFor, optionsFor } from './command.js'
import type { Evidence } from './evidence.js'
import type { Plan } from './plan.js'
import { shownName } from './plug-in-path.js'
import { type Report, type SkippedChecker, worst } from './report.js'
import { soakPlan } from './soak/course.js'

/** Puts the evidence before every checker that the plan names. Never rejects: what can't be judged is `unknown`. */
export async function judge(evidence: Evidence): Promise<Report> {
  const verdicts: Verdict[] = []
  const skipped: SkippedChecker[] = []
  for (const name of evidence.plan.checkers) {
    const answer = await ask(name, shownName(name), evidence)
    if ('reason' in answer) skipped.push(answer)
    else verdicts.push(answer)
  }
  return {
    schemaVersion: 1,
    result: overall(verdicts, evidence),
    verdicts,
    skipped,
    evidence,
    command: await commandOf(evidence.plan),
  }
}

async function ask(plugIn: string, name: string, evidence: Evidence): Promise<Verdict | SkippedChecker> {
  let question = ''
  try {
    const checker = await find('checkers', plugIn)
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

/** A comment to a shell. */
const NO_COMMAND = '# none: the plan was changed in code'

/** A plan that says no command of its own may have been changed since its scenario made it: the command is tried first. */
async function commandOf(plan: Plan): Promise<string> {
  try {
    return plan.command || isDeepStrictEqual(await madeAgain(plan), plan) ? commandFor(plan) : NO_COMMAND
  } catch {
    // A scenario that nobody knows, or that refuses what the plan has.
    return NO_COMMAND
  }
}

async function madeAgain(plan: Plan): Promise<Plan> {
  const scenario = await find('scenarios', plan.scenario)
  const options = optionsFor(plan)
  return plan.soak ? soakPlan(scenario, options) : scenario.plan(options)
}

function firstLine(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  return text.split('\n', 1)[0] ?? ''
}
