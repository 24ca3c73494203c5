import type { Snapshot } from '../../breaker/snapshot.js'
import type { Accuracy } from '../estimator/accuracy.js'
import type { AccountStatus } from '../ledger/budget-account.js'
import type { CostState } from './budget-state.js'
import type { CostSums } from './cost-counters.js'

/** What became of calls, over all threads that ever were. */
export interface CostCallCounts {
  readonly total: number
  readonly allowed: number
  /** Refused, by whatever. */
  readonly blocked: number
  /** Put off or refused by a throttle. */
  readonly throttled: number
  /** Refused by a rule that blocks, a throttle or a budget. */
  readonly costBlocked: number
  readonly refusedBy: {
    readonly circuit: number
    readonly rule: number
    readonly throttle: number
    readonly budget: number
  }
  /** Put off by a throttle, whatever became of them then. */
  readonly delayed: number
  /** Allowed, and nothing was spent. */
  readonly released: number
  /** Settled after their reservation had expired. */
  readonly late: number
  /** Blocked ÷ total, from 0 to 1; 0 of none. */
  readonly blockRate: number
}

/** Whole micro-units, over all threads that ever were. */
export interface CostAmounts {
  /** What calls that were allowed were estimated at. */
  readonly estimated: number
  readonly actual: number
  /** What some budget had no room for, and was spent all the same. */
  readonly overrun: number
  /** What calls that were refused for cost were estimated at. */
  readonly savings: number
}

/** A cost breaker at a glance. Each sum is of a moment between the call and its return; each account is of one instant. */
export interface CostSnapshot {
  readonly name: string
  readonly state: CostState
  readonly calls: CostCallCounts
  readonly cost: CostAmounts
  readonly circuit: Snapshot
  /** The common budgets, and the accounts of a call that names none. */
  readonly accounts: readonly AccountStatus[]
  /** Ids of rules that the last calls left in force. */
  readonly rulesInForce: readonly string[]
  /** By operation. */
  readonly accuracy: Readonly<Record<string, Accuracy>>
  readonly isEmergency: boolean
}

export function callCounts(sums: CostSums, refusedByCircuit: number): CostCallCounts {
  const { allowed, delayed, refusedByRule, refusedByThrottle, refusedByBudget, released, late } = sums
  const costBlocked = refusedByRule + refusedByThrottle + refusedByBudget
  const blocked = costBlocked + refusedByCircuit
  const total = allowed + blocked
  return {
    total,
    allowed,
    blocked,
    throttled: delayed + refusedByThrottle,
    costBlocked,
    refusedBy: {
      circuit: refusedByCircuit,
      rule: refusedByRule,
      throttle: refusedByThrottle,
      budget: refusedByBudget,
    },
    delayed,
    released,
    late,
    blockRate: total === 0 ? 0 : blocked / total,
  }
}

export function costAmounts({ estimated, actual, overrun, savings }: CostSums): CostAmounts {
  return { estimated, actual, overrun, savings }
}
