import type { Checker, Judgement, VerdictResult } from '../checker.js'
import { worst } from '../report.js'
import { number, percent, significant } from '../reporting/figures.js'
import { overheadFigures } from '../reporting/overhead.js'

interface Answer {
  readonly result: VerdictResult
  readonly line: string
}

const NS_PER_MS = 1e6
const milliseconds = (ms: number) => (ms < 0.01 ? `${significant(ms * NS_PER_MS)} ns` : `${significant(ms)} ms`)

const checker: Checker = {
  name: 'overhead',
  question: 'How much does the breaker add to a call?',

  applies({ plan }) {
    if (!plan.overhead) return 'the plan measures no overhead'
    const { overheadMsMax, overheadShareMax, overheadBytesMax } = plan.marks
    const marks = [overheadMsMax, overheadShareMax, overheadBytesMax]
    return marks.some((mark) => mark !== undefined) || 'the plan sets no marks for overhead'
  },

  check({ plan, overhead }): Judgement {
    if (!overhead || overhead.bareNs.length === 0) return { result: 'unknown', summary: 'no turn was measured' }
    const { addedNs, share, addedBytes, successRate } = overheadFigures(overhead, plan)
    const { overheadMsMax, overheadShareMax, overheadBytesMax, successRateMin } = plan.marks
    const ms = addedNs && { estimate: addedNs.estimate / NS_PER_MS, bad: addedNs.high / NS_PER_MS }
    const part = share && { estimate: share.estimate, bad: share.high }
    const bytes = addedBytes === undefined ? undefined : { estimate: addedBytes, bad: addedBytes }
    const answers = [
      ...atMost('overhead', ms, overheadMsMax, milliseconds),
      ...atMost('share of the bare call', part, overheadShareMax, percent),
      ...atMost('allocated a call', bytes, overheadBytesMax, (value) => `${number(value, 1)} B`),
      ...(successRateMin === undefined || successRate === undefined ? [] : [succeeded(successRate, successRateMin)]),
    ]
    return {
      result: worst(answers.map(({ result }) => result)),
      summary: answers.map(({ line }) => line).join('; '),
      details: answers.filter(({ result }) => result !== 'valid').map(({ line }) => line),
    }
  },
}

interface Reached {
  readonly estimate: number
  /** The end of the interval that speaks against it. */
  readonly bad: number
}

/** What may be more than is allowed as far as the interval tells is not known to be less. */
function atMost(
  label: string,
  reached: Reached | undefined,
  most: number | undefined,
  format: (value: number) => string,
): Answer[] {
  if (most === undefined) return []
  if (!reached) return [{ result: 'unknown', line: `${label} not measured (≤ ${format(most)})` }]
  const result = reached.bad <= most ? 'valid' : reached.estimate > most ? 'invalid' : 'unknown'
  return [{ result, line: `${label} ${format(reached.estimate)} (≤ ${format(most)})` }]
}

function succeeded(rate: number, least: number): Answer {
  return { result: rate >= least ? 'valid' : 'invalid', line: `success ${percent(rate)} (≥ ${percent(least)})` }
}

export default checker
