import type { Interval } from '../statistics/bootstrap.js'
import { holmCorrected } from '../statistics/rank-sum.js'

/**
 * - `regressed`, `improved`: the two are told apart by ranks, corrected for how many could fail, and the interval of the
 *   change lies beyond the noise as a whole.
 * - `same`: the interval lies within the noise, or within what nobody would mind.
 * - `inconclusive`: neither is known; more runs would tell.
 * - `incomparable`: not the same was measured.
 */
export type Answer = 'regressed' | 'improved' | 'same' | 'inconclusive' | 'incomparable'

export interface Compared {
  readonly scenario: string
  readonly target: string
  readonly metric: string
  readonly unit: string
  readonly gates: boolean
  readonly before: number | undefined
  readonly after: number | undefined
  /** After ÷ before, turned so that more is worse. */
  readonly worse: Interval | undefined
  /** Of the two sides being the same, corrected. */
  readonly probability: number | undefined
  /** How far the same strays from the same, as a share. */
  readonly noise: number | undefined
  readonly answer: Answer
  readonly reason?: string
}

export interface Comparison {
  /** The worst of what gates: fails CI only where it is `regressed`. */
  readonly answer: Answer
  readonly compared: readonly Compared[]
  /** What stands between the two: other machines, other versions of Node, where the noise is from. */
  readonly trust: readonly string[]
}

const SIGNIFICANT = 0.05
/** What nobody would mind. */
const INDIFFERENT = 0.05

/**
 * What was measured, answered. Only what could fail is corrected for how much of it there is: to look at the rest as well must not
 * make a regression harder to find.
 */
export function comparisonOf(measured: readonly Compared[], trust: readonly string[]): Comparison {
  const corrected = new Map<Compared, number>()
  for (const gates of [true, false]) {
    const open = measured.filter((one) => one.gates === gates && one.probability !== undefined)
    const probabilities = holmCorrected(open.map(({ probability = 1 }) => probability))
    for (const [index, one] of open.entries()) corrected.set(one, probabilities[index] as number)
  }
  const compared = measured.map((one) => {
    const probability = corrected.get(one)
    return probability === undefined ? one : { ...one, probability, answer: answerOf(one, probability) }
  })
  const answers = compared.filter(({ gates }) => gates).map(({ answer }) => answer)
  const order: readonly Answer[] = ['regressed', 'incomparable', 'inconclusive', 'improved', 'same']
  return { answer: order.find((answer) => answers.includes(answer)) ?? 'incomparable', compared, trust }
}

function answerOf({ worse, noise = 0 }: Compared, probability: number): Answer {
  if (!worse) return 'inconclusive'
  const isToldApart = probability < SIGNIFICANT
  if (isToldApart && worse.low > 1 + noise) return 'regressed'
  if (isToldApart && worse.high < 1 - noise) return 'improved'
  const bound = Math.max(noise, INDIFFERENT)
  return worse.low >= 1 - bound && worse.high <= 1 + bound ? 'same' : 'inconclusive'
}

export function incomparable(scenario: string, target: string, reason: string): Compared {
  return {
    scenario,
    target,
    metric: 'all',
    unit: '',
    gates: true,
    before: undefined,
    after: undefined,
    worse: undefined,
    probability: undefined,
    noise: undefined,
    answer: 'incomparable',
    reason,
  }
}
