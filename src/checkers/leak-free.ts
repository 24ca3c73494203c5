import type { Checker, Judgement } from '../checker.js'
import type { Evidence } from '../evidence.js'
import { worst } from '../report.js'
import { number, plural } from '../reporting/figures.js'
import { bytesText, paceText } from '../soak/figures.js'
import { type Pace, paceOf } from '../soak/pace.js'
import { type ResourceGrowth, resourceGrowth } from '../soak/resource-growth.js'
import { suspectsOf } from '../soak/suspects.js'

const SUSPECTS_TOLD = 3

const checker: Checker = {
  name: 'leak-free',
  question: 'Does what each thread retains stay the same, however many calls it makes?',

  applies: ({ soak }) => soak !== undefined || 'the plan is no soak',

  check(evidence): Judgement {
    const paces = (evidence.soak?.threads ?? []).map((thread) => paceOf(evidence, thread))
    const leaking = resourceGrowth(evidence).filter(({ isLeak }) => isLeak)
    const result = leaking.length > 0 ? 'invalid' : worst(paces.map((pace) => pace.result))
    const details = [
      ...paces.filter((pace) => pace.result !== 'valid').map(paceText),
      ...leaking.map(resourceText),
      ...(result === 'valid' ? [] : suspectLines(evidence)),
    ]
    return { result, summary: summaryOf(evidence, paces, leaking), details }
  },
}

/** The thread that grows the most decides. */
function summaryOf(evidence: Evidence, paces: readonly Pace[], leaking: readonly ResourceGrowth[]): string {
  const grow = paces.filter(({ result }) => result === 'invalid')
  const unsure = paces.filter(({ result }) => result === 'unknown')
  const told = grow.length > 0 ? grow : unsure.length > 0 ? unsure : paces
  const most = told.reduce<Pace | undefined>(
    (max, pace) => ((pace.late?.slope ?? 0) > (max?.late?.slope ?? Number.NEGATIVE_INFINITY) ? pace : max),
    undefined,
  )
  const parts = [
    grow.length > 0 ? `${grow.length} of ${plural(paces.length, 'thread')} grow` : '',
    most ? paceText(most) : 'no thread was sampled',
    ...leaking.map(resourceText),
  ]
  const [suspect] = grow.length > 0 || leaking.length > 0 ? suspectsOf(evidence) : []
  if (suspect) parts.push(`held by ${suspect.field}: ${plural(suspect.count, suspect.className)}`)
  return parts.filter((part) => part !== '').join('; ')
}

function suspectLines(evidence: Evidence): string[] {
  return suspectsOf(evidence)
    .slice(0, SUSPECTS_TOLD)
    .map(({ field, className, count, heldGrowthBytes, path, owner }) => {
      const whose = owner === 'target' ? '' : ` (of ${owner === 'engine' ? 'the engine itself' : 'Node itself'})`
      return `${field}${whose} holds ${bytesText(heldGrowthBytes)} more: ${number(count)} new ${className}; ${path}`
    })
}

function resourceText({ thread, what, before, after }: ResourceGrowth): string {
  return `${what} of ${thread}: ${number(before)} before, ${number(after)} after`
}

export default checker
