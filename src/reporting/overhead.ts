import type { OverheadEvidence } from '../evidence.js'
import type { Plan } from '../plan.js'
import { bootstrapped, type Interval, resampledMedian } from '../statistics/bootstrap.js'
import { median } from '../statistics/ranks.js'

export interface OverheadFigures {
  readonly bareNs: number
  readonly guardedNs: number
  /** What the breaker adds: the median of the differences of neighbouring turns, with where it lies with 95 %. */
  readonly addedNs: Interval | undefined
  /** The same as a share of the bare call and of what a call is taken to wait. */
  readonly share: Interval | undefined
  /** Allocated by the breaker for a call. */
  readonly addedBytes: number | undefined
  readonly successRate: number | undefined
}

const NS_PER_MS = 1e6

export function overheadFigures(evidence: OverheadEvidence, plan: Plan): OverheadFigures {
  const { bareNs, guardedNs, bareBytes, guardedBytes, calls, succeeded } = evidence
  const differences = guardedNs.map((ns, round) => ns - (bareNs[round] as number))
  const added = bootstrapped(median(differences), (random) => resampledMedian(differences, random))
  const base = median(bareNs) + (plan.overhead?.waitMs ?? 0) * NS_PER_MS
  return {
    bareNs: median(bareNs),
    guardedNs: median(guardedNs),
    addedNs: added,
    share: added && { estimate: added.estimate / base, low: added.low / base, high: added.high / base },
    addedBytes: bareBytes === undefined || guardedBytes === undefined ? undefined : guardedBytes - bareBytes,
    successRate: calls > 0 ? succeeded / calls : undefined,
  }
}
