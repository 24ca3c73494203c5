import { shownName } from '../plug-in-path.js'
import type { Report } from '../report.js'
import { bootstrapped, resampled } from '../statistics/bootstrap.js'
import { median } from '../statistics/ranks.js'
import { pairedShift, signedRankProbability } from '../statistics/signed-rank.js'
import { type Compared, type Comparison, comparisonOf } from './answer.js'
import { planKey } from './baseline.js'
import { type Metric, metrics } from './metrics.js'
import { PAIRS_MIN, type Same, strayOf } from './noise.js'

/** Two runs of which the machine gave each as much: in turns, or right after one another. */
export interface Pair {
  readonly before: Report
  readonly after: Report
}

/** Pairs of the same plans together; pairs of which a run was cut short are left out. */
export function groupsOf(pairs: readonly Pair[]): Pair[][] {
  const groups = new Map<string, Pair[]>()
  for (const pair of pairs) {
    const key = planKey(pair.before.evidence.plan) + planKey(pair.after.evidence.plan)
    const isWhole = !pair.before.evidence.interrupted && !pair.after.evidence.interrupted
    groups.set(key, [...(groups.get(key) ?? []), ...(isWhole ? [pair] : [])])
  }
  return [...groups.values()].filter(({ length }) => length > 0)
}

/** What pairs of one target against itself came to, to be kept. */
export function sameOf(pairs: readonly Pair[]): Same[] {
  return groupsOf(pairs).map((group) => {
    const { plan } = (group[0] as Pair).before.evidence
    const ratios: Record<string, number[]> = {}
    for (const metric of metrics) {
      const all = ratiosOf(metric, group)
      if (all.length > 0) ratios[metric.name] = all
    }
    return { scenario: plan.scenario, target: plan.target, plan: planKey(plan), ratios }
  })
}

/**
 * Each pair is a reading of its own: what the machine gave is in both of its runs, and a machine that changes between pairs
 * changes nothing. `same` is what the first of the two came to against itself.
 */
export function comparePairs(pairs: readonly Pair[], same: readonly Same[], trust: readonly string[]): Comparison {
  const compared = groupsOf(pairs).flatMap((group) => {
    const key = planKey((group[0] as Pair).before.evidence.plan)
    const { ratios = {} } = same.find(({ plan }) => plan === key) ?? {}
    return metrics.flatMap((metric) => compareMetric(metric, group, ratios[metric.name] ?? []))
  })
  return comparisonOf(compared, trust)
}

function compareMetric(metric: Metric, group: readonly Pair[], same: readonly number[]): Compared[] {
  const ratios = ratiosOf(metric, group)
  if (ratios.length === 0) return []
  const { scenario, target } = (group[0] as Pair).after.evidence.plan
  const base: Compared = {
    scenario: shownName(scenario),
    target: shownName(target),
    metric: metric.name,
    unit: metric.unit,
    gates: metric.gates === 'always' || metric.gates === 'in turns',
    before: median(group.map(({ before }) => metric.of(before) ?? Number.NaN)),
    after: median(group.map(({ after }) => metric.of(after) ?? Number.NaN)),
    worse: undefined,
    probability: undefined,
    noise: undefined,
    answer: 'incomparable',
  }
  const [few] = [
    { count: ratios.length, what: 'pairs' },
    { count: same.length, what: 'pairs of the same against the same' },
  ].filter(({ count }) => count < PAIRS_MIN)
  if (few) return [{ ...base, reason: `${few.count} ${few.what}; ${PAIRS_MIN} are needed` }]
  const logs = ratios.map(Math.log)
  const worse = bootstrapped(Math.exp(pairedShift(logs)), (random) => Math.exp(pairedShift(resampled(logs, random))))
  const probability = signedRankProbability(logs)
  return [{ ...base, ...{ worse, probability }, noise: strayOf(same, ratios.length), answer: 'inconclusive' }]
}

/** After ÷ before of each pair that has the metric, turned so that more is worse. */
function ratiosOf({ of, ofPair, better }: Metric, group: readonly Pair[]): number[] {
  return group.flatMap(({ before, after }) => {
    const [one, other] = [of(before), of(after)]
    if (one === undefined || other === undefined) return []
    const ratio = ofPair ? ofPair(before, after) : other / one
    return ratio === undefined || !(ratio > 0) ? [] : [better === 'higher' ? 1 / ratio : ratio]
  })
}
