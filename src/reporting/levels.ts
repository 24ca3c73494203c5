import type { Evidence, StageEvidence, ThroughputSample } from '../evidence.js'
import type { Plan } from '../plan.js'
import { loadOf } from '../stage-load.js'
import { bootstrapped, type Interval, resampledMean, resampledPercentile, valueAt } from '../statistics/bootstrap.js'
import { endedOf } from './steady.js'

/** One steady stage of a run whose load changes, held against the first. */
export interface LevelFigures {
  readonly stage: number
  readonly name: string
  /** Requests in flight, or calls a second: of a ramp, those that it ends with. */
  readonly level: number
  readonly evidence: StageEvidence
  readonly successRate: number | undefined
  /** Calls completed a second, of whole slices: those of the level before that ended in this one's first moment are not among them. */
  readonly perSecond: number
  /** Throughput, and median latency, ÷ those of the first level, with where they lie with 95 %. */
  readonly throughput: Interval | undefined
  readonly latency: Interval | undefined
}

/** Of fewer slices of a tenth of a second no interval can be told. */
const SLICES_MIN = 10
const MEDIAN = 50

export function levelsOf({ plan, stages, throughput }: Evidence): LevelFigures[] {
  const steady = stages.flatMap((evidence, stage) => {
    if (evidence.role !== 'steady' || evidence.endedAtMs <= evidence.startedAtMs) return []
    return [{ evidence, stage, slices: slicesOf(throughput, evidence) }]
  })
  const [first] = steady
  if (!first) return []
  return steady.map(({ evidence, stage, slices }) => ({
    stage,
    name: evidence.name,
    level: levelAt(plan, stage),
    evidence,
    successRate: endedOf(evidence.outcomes) > 0 ? evidence.outcomes.success / endedOf(evidence.outcomes) : undefined,
    perSecond: slices.length === 0 ? evidence.throughputPerSecond : mean(slices),
    throughput: throughputChange(first.slices, slices),
    latency: latencyChange(first.evidence, evidence),
  }))
}

function levelAt(plan: Plan, stage: number): number {
  const load = loadOf(plan, stage)
  return load.model === 'closed' ? load.inFlight : (load.toRatePerSecond ?? load.ratePerSecond)
}

/** Calls completed a second, from sample to sample within the stage. */
function slicesOf(samples: readonly ThroughputSample[], { startedAtMs, endedAtMs }: StageEvidence): number[] {
  const within = samples.filter(({ atMs }) => atMs >= startedAtMs && atMs <= endedAtMs)
  return within.slice(1).map(({ atMs, completed }, index) => {
    const before = within[index] as ThroughputSample
    return ((completed - before.completed) * 1000) / (atMs - before.atMs)
  })
}

function throughputChange(first: readonly number[], level: readonly number[]): Interval | undefined {
  if (first.length < SLICES_MIN || level.length < SLICES_MIN) return undefined
  const estimate = mean(level) / mean(first)
  if (level === first) return { estimate, low: estimate, high: estimate }
  return bootstrapped(estimate, (random) => resampledMean(level, random) / resampledMean(first, random))
}

function mean(series: readonly number[]): number {
  return series.reduce((sum, value) => sum + value, 0) / series.length
}

function latencyChange({ latency: first }: StageEvidence, { latency }: StageEvidence): Interval | undefined {
  if (first.count === 0 || latency.count === 0) return undefined
  const estimate = valueAt(latency.percentiles, MEDIAN) / valueAt(first.percentiles, MEDIAN)
  if (latency === first) return { estimate, low: estimate, high: estimate }
  return bootstrapped(
    estimate,
    (random) =>
      resampledPercentile(latency.percentiles, latency.count, MEDIAN, random) /
      resampledPercentile(first.percentiles, first.count, MEDIAN, random),
  )
}

/** From here on a level gives less than this of what the first one gave for each request in flight, or call a second. */
export const KNEE_SHARE = 0.8

/**
 * The knee: the last level up to which throughput grew with the load, a request in flight at every level up to it giving at least
 * `KNEE_SHARE` of what one at the first level did, as far as the interval allows. Undefined where it grew at every level, so that
 * the knee lies beyond, or where there is nothing to tell it by.
 */
export function kneeOf(levels: readonly LevelFigures[]): LevelFigures | undefined {
  const [first] = levels
  if (!first) return undefined
  const rising = levels.toSorted((one, other) => one.level - other.level)
  const beyond = rising.findIndex(({ level, throughput }) => {
    return throughput !== undefined && (throughput.high * first.level) / level < KNEE_SHARE
  })
  return beyond > 0 ? rising[beyond - 1] : undefined
}
