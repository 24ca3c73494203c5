import type { Checker, Judgement, VerdictResult } from '../checker.js'
import type { Evidence, StageEvidence } from '../evidence.js'
import type { Marks } from '../plan.js'
import { worst } from '../report.js'
import { number, percent, plural, significant } from '../reporting/figures.js'
import { endedOf } from '../reporting/steady.js'
import { survivalsOf } from '../reporting/survival.js'

interface Answer {
  readonly result: VerdictResult
  readonly line: string
}

const fields: readonly (keyof Marks)[] = ['callsMin', 'descriptorsMax', 'latencyMsMeanMax', 'refusedFromErrorRate']

const checker: Checker = {
  name: 'exhaustion-marks',
  question: 'Were the marks of the plan reached over all that was used up?',

  applies({ exhaustion, plan }) {
    if (!exhaustion) return 'the plan uses nothing up'
    return fields.some((field) => plan.marks[field] !== undefined) || 'the plan sets no marks for it'
  },

  check(evidence): Judgement {
    const answers = [
      ...calls(evidence),
      ...descriptors(evidence),
      ...growth(evidence),
      ...mean(evidence),
      ...refusals(evidence),
    ]
    return {
      result: worst(answers.map(({ result }) => result)),
      summary: answers.map(({ line }) => line).join('; '),
      details: answers.filter(({ result }) => result !== 'valid').map(({ line }) => line),
    }
  },
}

function answer(isReached: boolean | undefined, line: string): Answer[] {
  return [{ result: isReached === undefined ? 'unknown' : isReached ? 'valid' : 'invalid', line }]
}

function calls({ plan, workers, interrupted }: Evidence): Answer[] {
  const least = plan.marks.callsMin
  if (least === undefined) return []
  const started = workers.reduce((sum, worker) => sum + worker.started, 0)
  const isReached = started >= least
  return answer(isReached || !interrupted ? isReached : undefined, `${number(started)} calls (≥ ${number(least)})`)
}

function descriptors({ plan, exhaustion }: Evidence): Answer[] {
  const most = plan.marks.descriptorsMax
  if (most === undefined) return []
  const peaks = (exhaustion?.cases ?? []).flatMap((told) => told.descriptors?.peak ?? [])
  const allowed = `(≤ ${number(most)})`
  if (peaks.length === 0) return answer(undefined, `descriptors not counted on this system ${allowed}`)
  return answer(Math.max(...peaks) <= most, `at most ${number(Math.max(...peaks))} descriptors ${allowed}`)
}

function growth({ plan, memory }: Evidence): Answer[] {
  const most = plan.marks.memoryGrowthMbMax
  if (most === undefined) return []
  const grownMb = memory.samples.length > 0 ? memory.growthMb - memory.threadsGrowthMb : undefined
  const text = grownMb === undefined ? 'memory growth not measured' : `memory growth ${number(grownMb, 1)} MB`
  return answer(grownMb === undefined ? undefined : grownMb <= most, `${text} (≤ ${number(most)} MB)`)
}

/** Of calls let through, over all stages that are judged. */
function mean({ plan, stages }: Evidence): Answer[] {
  const mostMs = plan.marks.latencyMsMeanMax
  if (mostMs === undefined) return []
  const judged = stages.filter(({ role, latency }) => role !== 'warm-up' && latency.count > 0)
  const count = judged.reduce((sum, { latency }) => sum + latency.count, 0)
  const meanMs = judged.reduce((sum, { latency }) => sum + latency.meanMs * latency.count, 0) / count
  const allowed = `(≤ ${significant(mostMs)} ms)`
  if (count === 0) return answer(undefined, `no call to take the mean of ${allowed}`)
  return answer(meanMs <= mostMs, `mean ${significant(meanMs)} ms ${allowed}`)
}

/** In every case in which so many of the calls that were let through failed. */
/** In every case in which so many of the calls that were let through failed; of one that shows nothing, nothing is known. */
function refusals(evidence: Evidence): Answer[] {
  const { plan, stages } = evidence
  const rate = plan.marks.refusedFromErrorRate
  if (rate === undefined) return []
  const failing = survivalsOf(evidence).filter((one) => {
    const index = plan.stages.findIndex(({ case: name, role }) => name === one.case && role === 'outage')
    return errorRate(stages[index]) > rate
  })
  const unrefused = failing.filter(({ refused }) => refused === 0)
  const text = `more than ${percent(rate)} failed in ${plural(failing.length, 'case')}`
  if (failing.length === 0) return answer(undefined, `${text}: nothing is known of refusals`)
  if (unrefused.length === 0) return answer(true, `${text}, calls were refused in each`)
  const isKnown = unrefused.some(({ result }) => result !== 'unknown')
  const names = unrefused.map((one) => one.case).join(', ')
  return answer(isKnown ? false : undefined, `${text}, none was refused in ${names}`)
}

function errorRate(stage: StageEvidence | undefined): number {
  if (!stage) return 0
  const letThrough = endedOf(stage.outcomes) - stage.outcomes.refused
  return letThrough > 0 ? stage.outcomes.error / letThrough : 0
}

export default checker
