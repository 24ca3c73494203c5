import type { ActualCost } from './actual-cost.js'
import type { Charge } from './charge.js'
import type { CostAction, CostContext } from './options.js'

/** What an action is given that is done when it returns: nothing could abort it. */
export type SyncCostContext = Omit<CostContext, 'signal'>

/**
 * Runs an action whose money is reserved, and charges what it has cost when it ends: the action, not its caller's waiting, as one that
 * ran into a timeout may still be spending.
 */
export function runCharged<Result>(
  action: CostAction<Result>,
  charge: Charge,
  costs: ActualCost,
  signal: AbortSignal | undefined,
): PromiseLike<Result> | Result {
  let pending: PromiseLike<Result> | Result
  try {
    // Without a signal it is an action that takes nothing.
    pending = signal ? action({ signal, ...contextOf(charge) }) : (action as () => PromiseLike<Result> | Result)()
  } catch (error) {
    endFailed(charge, costs, error)
    throw error
  }
  return Promise.resolve(pending).then(
    (result) => {
      endWell(charge, costs, result)
      return result
    },
    (error) => {
      endFailed(charge, costs, error)
      throw error
    },
  )
}

/** The same of an action that is done when it returns. */
export function runChargedSync<Result>(
  action: (context: SyncCostContext) => Result,
  charge: Charge,
  costs: ActualCost,
): Result {
  let result: Result
  try {
    result = action(contextOf(charge))
  } catch (error) {
    endFailed(charge, costs, error)
    throw error
  }
  endWell(charge, costs, result)
  return result
}

/** What it said itself that it has cost holds, however it ends. */
function endWell(charge: Charge, costs: ActualCost, result: unknown): void {
  if (!charge.isEnded) charge.settle(costs.ofResult(result, charge.call))
}

function endFailed(charge: Charge, costs: ActualCost, error: unknown): void {
  if (charge.isEnded) return
  const cost = costs.ofError(error, charge.call)
  if (cost > 0) charge.settle(cost, true)
  else charge.release(true)
}

function contextOf(charge: Charge): SyncCostContext {
  return {
    estimate: charge.call.estimate,
    settle: (actual) => {
      charge.settle(actual)
    },
  }
}
