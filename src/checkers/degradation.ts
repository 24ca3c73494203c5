import type { Checker, Judgement, VerdictResult } from '../checker.js'
import { worst } from '../report.js'
import { number, percent } from '../reporting/figures.js'
import { kneeOf, type LevelFigures, levelsOf } from '../reporting/levels.js'
import type { Interval } from '../statistics/bootstrap.js'

interface Answer {
  readonly result: VerdictResult
  readonly line: string
}

const times = (value: number) => `${number(value, 2)} ×`
const interval = ({ estimate, low, high }: Interval) => `${times(estimate)} (${number(low, 2)} … ${number(high, 2)})`

const checker: Checker = {
  name: 'degradation',
  question: 'How much worse do throughput, latency and success become from level to level?',

  applies({ plan }) {
    const { throughputFallMax, latencyRiseMax, levelSuccessRateMin } = plan.marks
    if (plan.stages.filter(({ role }) => role === 'steady').length < 2) return 'the plan has one level'
    const marks = [throughputFallMax, latencyRiseMax, levelSuccessRateMin]
    return marks.some((mark) => mark !== undefined) || 'the plan sets no marks for levels'
  },

  check(evidence): Judgement {
    const { throughputFallMax, latencyRiseMax, levelSuccessRateMin, levelSuccessUpTo } = evidence.plan.marks
    const levels = levelsOf(evidence)
    const planned = evidence.plan.stages.filter(({ role }) => role === 'steady').length
    const [first, ...others] = levels
    if (!first || levels.length < planned) {
      return { result: 'unknown', summary: `${levels.length} of ${planned} levels were run` }
    }
    const answers = others.flatMap((level) => [
      ...(throughputFallMax === undefined ? [] : [fell(level, throughputFallMax)]),
      ...(latencyRiseMax === undefined ? [] : [rose(level, latencyRiseMax)]),
    ])
    for (const level of levelSuccessRateMin === undefined ? [] : levels) {
      if (level.level <= (levelSuccessUpTo ?? Number.POSITIVE_INFINITY)) {
        answers.push(succeeded(level, levelSuccessRateMin ?? 0))
      }
    }
    const details = answers.filter(({ result }) => result !== 'valid').map(({ line }) => line)
    return {
      result: worst(answers.map(({ result }) => result)),
      summary: summaryOf(levels, first),
      details,
    }
  },
}

function summaryOf(levels: readonly LevelFigures[], first: LevelFigures): string {
  const last = levels.at(-1) ?? first
  const knee = kneeOf(levels)
  return [
    `${last.name} against ${first.name}: throughput ${last.throughput ? interval(last.throughput) : 'not told'}, ` +
      `median latency ${last.latency ? interval(last.latency) : 'not told'}`,
    knee ? `knee at ${knee.name}` : 'no knee up to there',
  ].join('; ')
}

/** The interval decides: within the mark as a whole, beyond it as a whole, or it can't be told. */
function fell({ name, throughput }: LevelFigures, fallMax: number): Answer {
  if (!throughput) return { result: 'unknown', line: `${name}: too short to tell its throughput's interval` }
  const floor = 1 - fallMax
  const result = throughput.low >= floor ? 'valid' : throughput.high < floor ? 'invalid' : 'unknown'
  return { result, line: `${name}: throughput ${interval(throughput)} of the first level's (≥ ${times(floor)})` }
}

function rose({ name, latency }: LevelFigures, riseMax: number): Answer {
  if (!latency) return { result: 'unknown', line: `${name}: no call was let through` }
  const result = latency.high <= riseMax ? 'valid' : latency.low > riseMax ? 'invalid' : 'unknown'
  return { result, line: `${name}: median latency ${interval(latency)} of the first level's (≤ ${times(riseMax)})` }
}

function succeeded({ name, successRate }: LevelFigures, least: number): Answer {
  if (successRate === undefined) return { result: 'unknown', line: `${name}: no call ended` }
  const result = successRate >= least ? 'valid' : 'invalid'
  return { result, line: `${name}: ${percent(successRate)} ended in success (≥ ${percent(least)})` }
}

export default checker
