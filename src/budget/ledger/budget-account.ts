import { ConfigurationError } from '../../breaker/errors.js'
import type { Clock } from '../../world/clock.js'
import { BudgetExceededError, checkAmount, LedgerError } from './errors.js'
import { LATE, type LedgerEnd, NO_RESERVATION_LEFT } from './ledger-end.js'
import type { ResolvedBudget } from './options.js'
import { type Amounts, BudgetAmount, type BudgetShape, type RecordShape } from './record.js'
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

export interface Settlement {
  /** False if the reservation had expired, or was ended before: then the cost was charged anew. */
  readonly inTime: boolean
  /** How much some budget had no room for. */
  readonly overrun: number
}

/** What most settlements come to. */
const SETTLED: Settlement = Object.freeze({ inTime: true, overrun: 0 })

/** One thread's end of an account. */
export class BudgetAccount {
  constructor(
    readonly key: string,
    /** Its number in the ledger, for all threads and for as long as the ledger is. */
    readonly index: number,
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
    return this.end.reserve(this.index, amount)
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
    this.#checkReservation(id)
    const overrun = this.end.settle(id, actual)
    if (overrun === 0) return SETTLED
    return overrun === LATE ? { inTime: false, overrun: this.charge(actual) } : { inTime: true, overrun }
  }

  /** Ends a reservation of which nothing was spent. Returns false if it has expired or was ended before. */
  release(id: ReservationId): boolean {
    this.#checkReservation(id)
    return this.end.settle(id, 0) !== LATE
  }

  /** Counts what was spent without a reservation. Returns how much of it some budget had no room for. */
  charge(actual: number): number {
    checkAmount('actual', actual)
    return this.end.charge(this.index, actual)
  }

  status(): AccountStatus {
    const values = this.end.read(this.index)
    const budgets = this.budgets.map((budget, at) => statusOf(budget, values, this.shape, at))
    return { key: this.key, budgets, total: this.shape.total(values) }
  }

  /**
   * Sets what may be committed of a budget in that very period, at most its limit. Returns false if another period has begun, and changes
   * nothing then. The next period begins with the budget's opening.
   */
  setCeiling(name: string, period: number, ceiling: number): boolean {
    checkAmount('ceiling', ceiling)
    return this.#change(name, period, (values, at, { limit, blocking }) => {
      if (blocking) values[this.shape.at(at, BudgetAmount.ceiling)] = Math.min(ceiling, limit)
    })
  }

  /** Counts what an earlier process spent in that very period; it is no part of the total. Returns false if another has begun. */
  restore(name: string, period: number, spent: number): boolean {
    checkAmount('spent', spent)
    return this.#change(name, period, (values, at) => this.shape.restore(values, at, spent))
  }

  #checkReservation(id: ReservationId): void {
    if (Number.isSafeInteger(id) && id >= 0 && id < this.end.reservationsEnd) return
    throw new ConfigurationError('reservation', id, 'what reserve returned')
  }

  #change(
    name: string,
    period: number,
    change: (values: Amounts, at: number, budget: ResolvedBudget) => void,
  ): boolean {
    const at = this.budgets.findIndex((budget) => budget.name === name)
    const budget = this.budgets[at]
    if (!budget) throw new RangeError(`account "${this.key}" has no budget "${name}"`)
    return this.end.change(this.index, (values) => {
      if (values[this.shape.at(at, BudgetAmount.period)] !== period) return false
      change(values, at, budget)
      return true
    })
  }
}

function statusOf(budget: ResolvedBudget, values: Amounts, shape: RecordShape, at: number): BudgetStatus {
  const committed = shape.committed(values, at)
  const covered = shape.covered(values, at)
  const overrun = shape.overrun(values, at)
  const index = values[shape.at(at, BudgetAmount.period)] as number
  const { period } = shape.budgets[at] as BudgetShape
  return {
    name: budget.name,
    per: budget.per,
    blocking: budget.blocking,
    limit: budget.limit,
    ceiling: budget.blocking ? (values[shape.at(at, BudgetAmount.ceiling)] as number) : budget.limit,
    committed,
    reserved: committed - covered,
    spent: covered + overrun,
    overrun,
    period: index,
    periodStartMs: period.startOf(index),
    periodEndMs: period.endOf(index),
  }
}
