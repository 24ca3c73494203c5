import type { Environment } from '../evidence.js'
import { doubles } from '../memory/columns.js'
import { bootstrapped, resampled } from '../statistics/bootstrap.js'
import { rankSumProbability } from '../statistics/rank-sum.js'
import { median, medianOf } from '../statistics/ranks.js'
import { seededRandom } from '../world/seeded-random.js'
import { type Compared, type Comparison, comparisonOf, incomparable } from './answer.js'
import type { Baseline, Runs } from './baseline.js'
import { type Metric, metrics } from './metrics.js'

/** Fewer runs a side can't be told apart by ranks at all: 4 against 4 reach 0.03 at the most. */
const RUNS_MIN = 5
/** What a calibration on another machine may be off: processors differ by more than one figure can say. */
const OTHER_MACHINE = 0.2

export function compare(before: Baseline, after: Baseline): Comparison {
  const trust = trustIn(before, after)
  const least = isOtherMachine(before.environment, after.environment) ? OTHER_MACHINE : 0
  const open = after.runs.flatMap((runs) => comparedRuns(before, runs, least))
  const missing = before.runs.filter(({ plan }) => !after.runs.some((runs) => runs.plan === plan))
  const alone = missing.map(({ scenario, target }) =>
    incomparable(scenario, target, 'these runs are in the baseline alone'),
  )
  return comparisonOf([...open, ...alone], trust)
}

function comparedRuns(before: Baseline, after: Runs, leastNoise: number): Compared[] {
  const same = before.runs.find(({ plan }) => plan === after.plan)
  if (!same) {
    const alike = before.runs.some(({ scenario, target }) => scenario === after.scenario && target === after.target)
    const why = alike ? 'the baseline has other loads of it' : 'the baseline has no such runs'
    return [incomparable(after.scenario, after.target, why)]
  }
  return metrics.flatMap((metric) => {
    const [one, other] = [scaled(metric, same), scaled(metric, after)]
    if (one.length === 0 && other.length === 0) return []
    return [compareMetric(metric, after, one, other, leastNoise)]
  })
}

/** In units of the reference workload, where the machine's speed is in the metric. */
function scaled({ name, scales, better }: Metric, { values, calibrationMs }: Runs): number[] {
  return (values[name] ?? []).map((value, run) => {
    const speed = scales ? (calibrationMs[run] as number) : 1
    return better === 'lower' ? value / speed : value * speed
  })
}

function compareMetric(
  metric: Metric,
  { scenario, target }: Runs,
  before: readonly number[],
  after: readonly number[],
  leastNoise: number,
): Compared {
  const { name, unit, better } = metric
  const gates = metric.gates === 'always' || metric.gates === 'stored'
  const base = { scenario, target, metric: name, unit, gates, before: median(before), after: median(after) }
  if (before.length < RUNS_MIN || after.length < RUNS_MIN) {
    const reason = `${before.length} and ${after.length} runs; ${RUNS_MIN} a side are needed`
    return { ...base, worse: undefined, probability: undefined, noise: undefined, answer: 'incomparable', reason }
  }
  const [good, bad] = better === 'lower' ? [before, after] : [after, before]
  const worse = bootstrapped(shiftRatio(good, bad), (random) =>
    shiftRatio(resampled(good, random), resampled(bad, random)),
  )
  const noise = Math.max(leastNoise, noiseOf(before))
  return { ...base, worse, probability: rankSumProbability(before, after), noise, answer: 'inconclusive' }
}

/** By how much the second side is more: the median of the ratios of all pairs (Hodges & Lehmann 1963), Mann–Whitney's own estimate. */
function shiftRatio(one: readonly number[], other: readonly number[]): number {
  const ratios = doubles(one.length * other.length)
  let count = 0
  for (const value of one) for (const each of other) ratios[count++] = each / value
  return medianOf(ratios.sort())
}

const HALVINGS = 400
const NOISE_QUANTILE = 0.5

/**
 * How far the same strays from the same on that machine: the runs of the baseline are parted into two halves at random, again and
 * again, and what the halves' medians differ by, as a share, is the noise; half of the partings differ by less.
 */
export function noiseOf(runs: readonly number[]): number {
  const random = seededRandom(runs.length)
  const differences = Array.from({ length: HALVINGS }, () => {
    const order = runs.map((value) => ({ value, key: random.next() })).sort((one, other) => one.key - other.key)
    const half = runs.length >> 1
    const [one, other] = [order.slice(0, half), order.slice(half)].map((part) => median(part.map(({ value }) => value)))
    return Math.abs((other as number) / (one as number) - 1)
  })
  differences.sort((one, other) => one - other)
  return differences[Math.floor(NOISE_QUANTILE * HALVINGS)] as number
}

export function isOtherMachine(one: Environment, other: Environment): boolean {
  return one.cpuModel !== other.cpuModel || one.cores !== other.cores || one.platform !== other.platform
}

function trustIn(before: Baseline, after: Baseline): string[] {
  const [one, other] = [before.environment, after.environment]
  const trust: string[] = []
  if (isOtherMachine(one, other)) {
    const speed =
      median(after.runs.flatMap((runs) => runs.calibrationMs)) /
      median(before.runs.flatMap((runs) => runs.calibrationMs))
    trust.push(
      `another machine (${one.cpuModel}, ${one.cores} cores; now ${other.cpuModel}, ${other.cores}): the reference workload takes ` +
        `${speed.toFixed(2)} × as long here; differences below ${OTHER_MACHINE * 100} % say nothing`,
    )
  }
  if (one.node !== other.node) trust.push(`another Node: ${one.node}, now ${other.node}`)
  if (before.calibrationVersion !== after.calibrationVersion) {
    trust.push('another reference workload: metrics that scale with the machine are not to be compared')
  }
  return trust
}
