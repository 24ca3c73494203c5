import { setTimeout as sleep } from 'node:timers/promises'
import type { CallOptions } from '../../breaker/guarded-call.js'
import type { SharedCircuitBreaker } from '../../breaker/shared-circuit-breaker.js'
import { monotonicClock } from '../../world/clock.js'
import type { ActualCost } from './actual-cost.js'
import { runCharged, runChargedSync, type SyncCostContext } from './charged-run.js'
import type { CostControl } from './cost-control.js'
import type { CostCounters } from './cost-counters.js'
import { CostReservation } from './cost-reservation.js'
import { isAnyRefusal } from './errors.js'
import { NotStarted, type Wait } from './not-started.js'
import type { CostAction, CostExecuteOptions, CostRequest } from './options.js'
import type { PlannedCall } from './planned-call.js'
import type { StateWatch } from './state-watch.js'

/** Of a call whose caller waits for its return. */
const AT_ONCE = { isAsked: false, mayWait: false } as const

/**
 * How one thread's calls go through circuit, rules and budgets, in this order.
 *
 * The circuit first: an open one is asked most often and refuses for next to nothing; so it spends no throttle's share, raises no alert and
 * needs no figures. Then the rules, which read what is committed. Then the budgets, which write. Each step that refuses gives back what the
 * ones before took: the permission goes back and counts as neither success nor failure (`ignored` in the circuit's counts), and accounts that had reserved
 * release. What is left behind: a share of a throttle or of a ramp-up, as these count who asks.
 *
 * A call that a throttle puts off gives its permission back, waits for a timer, and asks the circuit again: a permission of a half-open circuit
 * is not kept waiting, and a circuit that has opened meanwhile refuses. So does one that finds room in the budgets which a durable ledger has not
 * granted yet; the rules have let it go, and are not asked again.
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
        const charge = this.control.admit(call, this.counters, AT_ONCE)
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
      const charge = this.control.admit(call, this.counters, AT_ONCE)
      return new CostReservation(charge, this.circuit, permission, this.costs, this.#ended)
    } catch (error) {
      this.circuit.releasePermission(permission)
      throw error instanceof NotStarted ? error.why : error
    }
  }

  async #untilItGoes<T>(attempt: Attempt<T>, { timeoutMs, signal }: CostExecuteOptions<unknown>): Promise<T> {
    const options = timeoutMs === undefined && signal === undefined ? undefined : { timeoutMs, signal }
    for (;;) {
      try {
        return await this.circuit.execute(attempt.action, options)
      } catch (error) {
        if (!(error instanceof NotStarted) || error.wait === undefined) throw error
        await attempt.waitFor(error.wait, signal)
      }
    }
  }
}

/**
 * One call's tries to start. It is put off once at most, and waits for grants until its time for that is over: a thread that comes before it may take what
 * was granted.
 */
class Attempt<T> {
  hasStarted = false
  #isAsked = false
  #mayWait = true
  /** By the monotonic clock. */
  #untilMs: number | undefined
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

  async waitFor(wait: Wait, signal: AbortSignal | undefined): Promise<void> {
    this.#isAsked = true
    if ('delayMs' in wait) return delay(wait.delayMs, signal)
    this.#untilMs ??= monotonicClock.nowMs() + this.control.grantLimitMs
    await wait.account.afterGrant(wait.granted, Math.max(0, this.#untilMs - monotonicClock.nowMs()), signal)
    this.#mayWait = monotonicClock.nowMs() < this.#untilMs
  }

  #start(action: CostAction<T>, signal: AbortSignal | undefined): PromiseLike<T> | T {
    const charge = this.control.admit(this.call, this.counters, { isAsked: this.#isAsked, mayWait: this.#mayWait })
    this.hasStarted = true
    return runCharged(action, charge, this.costs, signal)
  }
}

async function delay(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(delayMs, undefined, signal ? { signal } : {})
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
