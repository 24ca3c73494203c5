import type { BudgetAccount } from '../ledger/budget-account.js'
import { BudgetNotGrantedError, checkAmount } from '../ledger/errors.js'
import type { ReservationId } from '../ledger/reservations.js'
import type { CostControl } from './cost-control.js'
import type { CostCounters } from './cost-counters.js'
import { isCostRefusal, ReservationEndedError } from './errors.js'
import { NotStarted } from './not-started.js'
import type { PlannedCall } from './planned-call.js'

/** What a settlement came to, over all budgets that the call is charged to. */
export interface CostSettlement {
  /** Whole micro-units. */
  readonly actual: number
  /** False if a reservation had expired: then the cost was charged anew there, whether or not there was room. */
  readonly inTime: boolean
  /** Micro-units for which some budget had no room. */
  readonly overrun: number
}

/**
 * The money of one call: reserved of all its accounts when this is made, and ended once.
 *
 * Accounts are charged one after another, so for a moment an account has reserved what a later one refuses; then it is given back. Each
 * budget is exact at every moment, but another call may have been refused for what was given back just then.
 */
export class Charge {
  readonly #ids: readonly ReservationId[]
  #ended = false

  /**
   * Throws a `BudgetExceededError`; a `BudgetNotGrantedError`, or where the call may wait for the grant a `NotStarted` that says for which; or a
   * `LedgerError` if this thread holds as many reservations as it may. Then nothing stays reserved.
   */
  constructor(
    readonly call: PlannedCall,
    private readonly control: CostControl,
    private readonly counters: CostCounters,
    mayWait: boolean,
  ) {
    const { estimate } = call
    try {
      this.#ids = reserveAll(call.accounts, estimate, mayWait)
    } catch (error) {
      if (isCostRefusal(error)) {
        counters.add('refusedByBudget')
        counters.add('savings', estimate)
        control.audit.write(call, 'refused', 'budget', estimate)
      }
      throw error
    }
    control.began()
    counters.add('allowed')
    counters.add('estimated', estimate)
    control.audit.write(call, 'allowed', 'none', estimate)
  }

  get isEnded(): boolean {
    return this.#ended
  }

  /** The call has cost so much. */
  settle(actual: number, failed = false): CostSettlement {
    checkAmount('actual', actual)
    this.#end()
    let inTime = true
    let overrun = 0
    try {
      this.call.accounts.forEach((account, at) => {
        const settlement = account.settle(this.#ids[at] as ReservationId, actual)
        inTime &&= settlement.inTime
        overrun = Math.max(overrun, settlement.overrun)
      })
      this.#tell(actual, failed, inTime, overrun)
    } finally {
      // Also where the sum of all there ever was leaves 53 bits.
      this.control.ended()
    }
    return { actual, inTime, overrun }
  }

  /** Nothing was spent. */
  release(failed = false): void {
    this.#end()
    this.call.accounts.forEach((account, at) => {
      account.release(this.#ids[at] as ReservationId)
    })
    this.counters.add('released')
    this.control.audit.write(this.call, 'released', failed ? 'failed' : 'none', this.call.estimate)
    this.control.ended()
  }

  #end(): void {
    if (this.#ended) throw new ReservationEndedError(this.call.request.operation)
    this.#ended = true
  }

  #tell(actual: number, failed: boolean, inTime: boolean, overrun: number): void {
    const { counters, control, call } = this
    const { request, estimate } = call
    counters.add('actual', actual)
    if (overrun > 0) counters.add('overrun', overrun)
    if (!inTime) counters.add('late')
    control.gate.rules.record(request, actual, control.clock.nowMs())
    // What a call has cost that failed says nothing about what the next one will.
    if (!failed) control.estimator.record(request.operation, actual, estimate)
    if (!inTime) control.audit.write(call, 'settled-late', 'lease', actual)
    else control.audit.write(call, 'settled', failed ? 'failed' : overrun > 0 ? 'budget' : 'none', actual)
  }
}

function reserveAll(accounts: readonly BudgetAccount[], amount: number, mayWait: boolean): ReservationId[] {
  const ids: ReservationId[] = []
  for (const account of accounts) {
    // Read before it may refuse: a grant that comes in between ends the wait for it at once.
    const { granted } = account
    try {
      ids.push(account.reserve(amount))
    } catch (error) {
      ids.forEach((id, at) => {
        accounts[at]?.release(id)
      })
      const isComing = error instanceof BudgetNotGrantedError && error.isComing
      throw mayWait && isComing ? new NotStarted(error, { account, granted }) : error
    }
  }
  return ids
}
