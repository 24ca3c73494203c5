import type { Clock } from '../../world/clock.js'
import { BudgetExceededError, checkAmount, LedgerError } from './errors.js'
import { type LedgerEnd, NO_RESERVATION_LEFT, type Settlement } from './ledger-end.js'
import type { ResolvedBudget } from './options.js'
import { BudgetAmount, type RecordShape } from './record.js'
import type { ReservationId } from './reservations.js'

/** What a budget is at one moment. Amounts are whole micro-units. */
export interface BudgetStatus {
  readonly name: string
  readonly per: ResolvedBudget['per']
  readonly blocking: boolean
  readonly limit: number
  /** What may be committed now: the limit, unless the ledger's room is granted step by step. */
  readonly ceiling: number
  /** Reserved and spent, as far as it is covered. Never above the ceiling of a budget that blocks. */
  readonly committed: number
  readonly reserved: number
  /** The settlements of the period. */
  readonly spent: number
  /** What was spent without anything's having permitted it: settlements above their estimates, and late ones. */
  readonly overrun: number
  /** Which period it is, for `setCeiling`. */
  readonly period: number
  readonly periodStartMs: number
  /** `Infinity` for a total. */
  readonly periodEndMs: number
}

export interface AccountStatus {
  readonly key: string
  readonly budgets: readonly BudgetStatus[]
  /** The sum of all settlements there ever were. */
  readonly total: number
}

/** One thread's end of an account. */
export class BudgetAccount {
  constructor(
    readonly key: string,
    private readonly index: number,
    private readonly budgets: readonly ResolvedBudget[],
    private readonly shape: RecordShape,
    private readonly end: LedgerEnd,
    private readonly clock: Clock,
  ) {}

  /**
   * Reserves so much of every budget, or of none. Throws a `BudgetExceededError` that tells which has no room, a `LedgerError` if
   * this thread holds as many reservations as it may, and a `ConfigurationError` for what is no amount.
   */
  reserve(amount: number): ReservationId {
    const id = this.tryReserve(amount)
    if (id === 0) throw this.refusal(amount)
    return id
  }

  /** As `reserve`, but 0 where that throws because there is no room. Allocates nothing. */
  tryReserve(amount: number): ReservationId {
    checkAmount('amount', amount)
    return this.end.reserve(this.index, amount, this.clock.nowMs())
  }

  /** Why the last `tryReserve` of this thread gave 0. */
  refusal(amount: number): BudgetExceededError | LedgerError {
    const { refusedBy } = this.end
    const budget = this.status().budgets[refusedBy]
    if (refusedBy === NO_RESERVATION_LEFT || !budget) {
      return new LedgerError('ERR_TOO_MANY_RESERVATIONS', 'this thread holds as many reservations as it may')
    }
    const { name, committed, limit, periodEndMs } = budget
    return new BudgetExceededError(this.key, name, amount, committed, limit, periodEndMs, () => this.clock.nowMs())
  }

  /**
   * Ends a reservation of this account's, of whatever thread: so much was spent. What is above the reservation is covered as far as
   * there is room, and the rest is overrun. If the reservation has expired, the cost is charged anew.
   *
   * It doesn't look at the clock: it counts in the period that the account is in, which ends when somebody reserves or looks.
   */
  settle(id: ReservationId, actual: number): Settlement {
    checkAmount('actual', actual)
    return this.end.settle(id, this.index, actual)
  }

  /** Ends a reservation of which nothing was spent. Returns false if it has expired or was ended before. */
  release(id: ReservationId): boolean {
    return this.end.release(id)
  }

  /** Counts what was spent without a reservation. Returns how much of it some budget had no room for. */
  charge(actual: number): number {
    checkAmount('actual', actual)
    return this.end.charge(this.index, actual)
  }

  status(): AccountStatus {
    const values = this.end.read(this.index, this.clock.nowMs())
    const budgets = this.budgets.map((budget, at) => statusOf(budget, values, this.shape.first[at] as number, this.shape, at))
    return { key: this.key, budgets, total: this.shape.total(values) }
  }

  /**
   * Sets what may be committed of a budget in that very period, at most its limit. Returns false if another period has begun, and changes
   * nothing then. The next period begins with the budget's opening.
   */
  setCeiling(name: string, period: number, ceiling: number): boolean {
    checkAmount('ceiling', ceiling)
    return this.#change(name, (values, first, budget) => {
      if (values[first + BudgetAmount.period] !== period) return false
      values[first + BudgetAmount.ceiling] = Math.min(ceiling, budget.limit)
      return true
    })
  }

  /** Counts what an earlier process spent in that very period, without changing the total. Returns false if another has begun. */
  restore(name: string, period: number, spent: number): boolean {
    checkAmount('spent', spent)
    return this.#change(name, (values, first) => {
      if (values[first + BudgetAmount.period] !== period) return false
      values[first + BudgetAmount.committed] = (values[first + BudgetAmount.committed] as number) + spent
      values[first + BudgetAmount.covered] = (values[first + BudgetAmount.covered] as number) + spent
      return true
    })
  }

  #change(name: string, change: (values: number[], first: number, budget: ResolvedBudget) => boolean): boolean {
    const at = this.budgets.findIndex((budget) => budget.name === name)
    const budget = this.budgets[at]
    if (!budget) throw new RangeError(`account "${this.key}" has no budget "${name}"`)
    return this.end.change(this.index, this.clock.nowMs(), (values) => change(values, this.shape.first[at] as number, budget))
  }
}

function statusOf(
  budget: ResolvedBudget,
  values: readonly number[],
  first: number,
  shape: RecordShape,
  at: number,
): BudgetStatus {
  const amount = (place: number) => values[first + place] as number
  const [committed, covered, overrun] = [BudgetAmount.committed, BudgetAmount.covered, BudgetAmount.overrun].map(amount)
  const { period } = shape.budgets[at] as RecordShape['budgets'][number]
  const index = amount(BudgetAmount.period)
  return {
    name: budget.name,
    per: budget.per,
    blocking: budget.blocking,
    limit: budget.limit,
    ceiling: amount(BudgetAmount.ceiling),
    committed: committed as number,
    reserved: (committed as number) - (covered as number),
    spent: (covered as number) + (overrun as number),
    overrun: overrun as number,
    period: index,
    periodStartMs: period.startOf(index),
    periodEndMs: period.endOf(index),
  }
}
