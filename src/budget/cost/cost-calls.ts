import { setTimeout as sleep } from 'node:timers/promises'
import type { CallOptions } from '../../breaker/guarded-call.js'
import type { SharedCircuitBreaker } from '../../breaker/shared-circuit-breaker.js'
import type { ActualCost } from './actual-cost.js'
import { runCharged, runChargedSync, type SyncCostContext } from './charged-run.js'
import type { CostControl } from './cost-control.js'
import type { CostCounters } from './cost-counters.js'
import { CostReservation } from './cost-reservation.js'
import { isAnyRefusal, NotStarted } from './errors.js'
import type { CostAction, CostExecuteOptions, CostRequest } from './options.js'
import type { PlannedCall } from './planned-call.js'
import type { StateWatch } from './state-watch.js'

/**
 * How one thread's calls go through circuit, rules and budgets, in this order.
 *
 * The circuit first: an open one is asked most often and refuses for next to nothing; so it spends no throttle's share, raises no alert and
 * needs no figures. Then the rules, which read what is committed. Then the budgets, which write. Each step that refuses gives back what the
 * ones before took: the permission goes back and counts as neither success nor failure (`ignored` in the circuit's counts), and accounts that had reserved
 * release. What is left behind: a share of a throttle or of a ramp-up, as these count who asks.
 *
 * A call that a throttle puts off gives its permission back, waits for a timer, and asks the circuit again: a permission of a half-open circuit
 * is not kept waiting, and a circuit that has opened meanwhile refuses.
 */
export class CostCalls {
  readonly #ended = () => this.watch?.look()

  constructor(
    private readonly circuit: SharedCircuitBreaker,
    private readonly control: CostControl,
    private readonly counters: CostCounters,
    private readonly costs: ActualCost,
    private readonly watch: StateWatch | undefined,
  ) {}

  async execute<T, F>(action: CostAction<T>, options: CostExecuteOptions<F>): Promise<T | F> {
    const call = this.control.planner.plan(options)
    this.watch?.look()
    const attempt = new Attempt<T>(this.control, this.counters, this.costs, call, action)
    try {
      return await this.#untilItGoes(attempt, options)
    } catch (error) {
      const why = error instanceof NotStarted ? error.why : error
      if (attempt.hasStarted || !options.fallback || !isAnyRefusal(why)) throw why
      return options.fallback(why as Error)
    } finally {
      this.#ended()
    }
  }

  executeSync<T, F>(
    action: (context: SyncCostContext) => T,
    options: CostRequest & Pick<CallOptions<F>, 'fallback'>,
  ): T | F {
    const call = this.control.planner.plan(options)
    this.watch?.look()
    let hasStarted = false
    try {
      return this.circuit.executeSync(() => {
        const charge = this.control.admit(call, this.counters, 'cannot')
        hasStarted = true
        return runChargedSync(action, charge, this.costs)
      })
    } catch (error) {
      const why = error instanceof NotStarted ? error.why : error
      if (hasStarted || !options.fallback || !isAnyRefusal(why)) throw why
      return options.fallback(why as Error)
    } finally {
      this.#ended()
    }
  }

  reserve(request: CostRequest): CostReservation {
    const call = this.control.planner.plan(request)
    this.watch?.look()
    const permission = this.circuit.tryAcquirePermission()
    if (permission === 0) throw this.circuit.refusal()
    try {
      const charge = this.control.admit(call, this.counters, 'cannot')
      return new CostReservation(charge, this.circuit, permission, this.costs, this.#ended)
    } catch (error) {
      this.circuit.releasePermission(permission)
      throw error instanceof NotStarted ? error.why : error
    }
  }

  async #untilItGoes<T>(attempt: Attempt<T>, { timeoutMs, signal }: CostExecuteOptions<unknown>): Promise<T> {
    const options = timeoutMs === undefined && signal === undefined ? undefined : { timeoutMs, signal }
    // Twice at most: a call that has waited is not put off again.
    for (;;) {
      try {
        return await this.circuit.execute(attempt.action, options)
      } catch (error) {
        if (!(error instanceof NotStarted) || error.delayMs === 0) throw error
        await waitFor(error.delayMs, signal)
        attempt.hasWaited = true
      }
    }
  }
}

/** One call's tries to start. */
class Attempt<T> {
  hasWaited = false
  hasStarted = false
  /** What the circuit runs. A signal is made only for an action that takes what it is part of. */
  readonly action: (signal: AbortSignal) => PromiseLike<T> | T

  constructor(
    private readonly control: CostControl,
    private readonly counters: CostCounters,
    private readonly costs: ActualCost,
    private readonly call: PlannedCall,
    action: CostAction<T>,
  ) {
    this.action = action.length === 0 ? () => this.#start(action, undefined) : (signal) => this.#start(action, signal)
  }

  #start(action: CostAction<T>, signal: AbortSignal | undefined): PromiseLike<T> | T {
    const charge = this.control.admit(this.call, this.counters, this.hasWaited ? 'has' : 'may')
    this.hasStarted = true
    return runCharged(action, charge, this.costs, signal)
  }
}

async function waitFor(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(delayMs, undefined, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
