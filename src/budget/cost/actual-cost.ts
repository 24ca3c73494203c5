import { describeThrown } from '../../breaker/errors.js'
import type { CostRequest, CostThreadOptions } from './options.js'
import type { PlannedCall } from './planned-call.js'

/**
 * What calls have cost, by the functions that the user gave. One that throws, or gives what is no amount, must not make a call free,
 * and must not take a result away: the estimate counts, and a process warning says so.
 */
export class ActualCost {
  constructor(
    private readonly breaker: string,
    private readonly options: Pick<CostThreadOptions, 'costOf' | 'costOfError'>,
  ) {}

  /** Without a function, or where it gives undefined: as estimated. */
  ofResult(result: unknown, call: PlannedCall): number {
    const { costOf } = this.options
    return costOf ? (this.#ask('costOf', costOf, result, call) ?? call.estimate) : call.estimate
  }

  /** Without a function, or where it gives undefined: nothing. */
  ofError(error: unknown, call: PlannedCall): number {
    const { costOfError } = this.options
    return costOfError ? (this.#ask('costOfError', costOfError, error, call) ?? 0) : 0
  }

  #ask(
    name: string,
    costOf: (outcome: unknown, request: CostRequest) => unknown,
    outcome: unknown,
    call: PlannedCall,
  ): number | undefined {
    try {
      const cost = costOf(outcome, call.request)
      if (cost === undefined) return undefined
      if (typeof cost === 'number' && Number.isSafeInteger(cost) && cost >= 0) return cost
      this.#warn(`${name} gave ${describeThrown(cost)}, which is no amount of whole micro-units`)
    } catch (thrown) {
      this.#warn(`${name} threw: ${describeThrown(thrown)}`)
    }
    return call.estimate
  }

  #warn(what: string): void {
    process.emitWarning(`cost breaker "${this.breaker}": ${what}; the estimate counts`, {
      code: 'BUSBAR_COST_FUNCTION',
    })
  }
}
