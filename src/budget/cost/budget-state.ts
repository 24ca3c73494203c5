import type { CircuitState } from '../../breaker/life/control-word.js'
import type { AccountStatus } from '../ledger/budget-account.js'

/**
 * The circuit's state; of a closed circuit, how its budgets stand. `budget-limited`: a blocking budget is nearly committed.
 * `over-budget`: one is wholly, so that every call that costs anything is refused as if the circuit were open.
 */
export type CostState = CircuitState | 'budget-limited' | 'over-budget'

export interface BudgetStateChange {
  readonly breaker: string
  readonly from: CostState
  readonly to: CostState
  /** Wall-clock milliseconds since 1970. */
  readonly atMs: number
}

/** Nothing is stored: the state follows from the figures, at the moment when they were read. */
export function costState(circuit: CircuitState, accounts: readonly AccountStatus[], limitedFrom: number): CostState {
  if (circuit !== 'closed') return circuit
  let state: CostState = 'closed'
  for (const { budgets } of accounts) {
    for (const { blocking, committed, limit } of budgets) {
      if (!blocking || committed < limit * limitedFrom) continue
      if (committed >= limit) return 'over-budget'
      state = 'budget-limited'
    }
  }
  return state
}
