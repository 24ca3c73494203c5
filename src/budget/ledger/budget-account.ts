import { setTimeout as sleep } from 'node:timers/promises'
import { ConfigurationError } from '../../breaker/errors.js'
import { LONGEST_MS, whole } from '../../breaker/resolve-options.js'
import { type Clock, monotonicClock } from '../../world/clock.js'
import { BudgetExceededError, BudgetNotGrantedError, checkAmount, LedgerError } from './errors.js'
import type { Grants } from './grants.js'
import { KeeperState } from './grants.js'
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
  /** Which period it is: a number that grows. */
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
    private readonly grants: Grants,
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

  /**
   * As `reserve`, and where only a grant is missing, waits for it: at most `limitMs` milliseconds, from 0 to 2,147,483,647, without
   * blocking the thread. Rejects as `reserve` throws; with a `BudgetNotGrantedError` when the time is over, or at once when
   * nothing is granted at the moment.
   */
  async reserveSoon(amount: number, limitMs: number): Promise<ReservationId> {
    const untilMs = monotonicClock.nowMs() + whole('limitMs', limitMs, 0, LONGEST_MS)
    for (;;) {
      const { granted } = this
      const id = this.tryReserve(amount)
      if (id !== 0) return id
      const refusal = this.refusal(amount)
      const leftMs = untilMs - monotonicClock.nowMs()
      if (!(refusal instanceof BudgetNotGrantedError) || !refusal.isComing || leftMs <= 0) throw refusal
      await this.afterGrant(granted, leftMs)
    }
  }

  /** How often room was granted in this ledger, to be read before a `reserve` that may be refused for want of it. Of use to `afterGrant`. */
  get granted(): number {
    return this.grants.granted
  }

  /**
   * Resolves at the first grant since `granted` was read, of whatever account, or after `limitMs` milliseconds; rejects with the reason of `signal`. A wait on
   * shared memory keeps no thread alive; whoever awaits room wants it to.
   */
  async afterGrant(granted: number, limitMs: number, signal?: AbortSignal): Promise<void> {
    const over = new AbortController()
    const end = () => over.abort()
    signal?.throwIfAborted()
    signal?.addEventListener('abort', end, { once: true })
    const held = sleep(limitMs, undefined, { signal: over.signal }).catch(() => undefined)
    await Promise.race([this.grants.afterGrant(granted, limitMs), held])
    end()
    signal?.removeEventListener('abort', end)
    signal?.throwIfAborted()
  }

  /** Why the last `tryReserve` of this thread gave 0. */
  refusal(amount: number): BudgetExceededError | BudgetNotGrantedError | LedgerError {
    const { refusedBy } = this.end
    const budget = this.status().budgets[refusedBy]
    if (refusedBy === NO_RESERVATION_LEFT || !budget) {
      return new LedgerError('ERR_TOO_MANY_RESERVATIONS', 'this thread holds as many reservations as it may')
    }
    const { name, committed, limit, periodEndMs } = budget
    if (this.end.awaitsGrant(this.index, refusedBy, amount)) {
      const { keeper } = this.grants
      return new BudgetNotGrantedError(
        this.key,
        name,
        amount,
        keeper !== KeeperState.failing && keeper !== KeeperState.closed,
      )
    }
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

  #checkReservation(id: ReservationId): void {
    if (Number.isSafeInteger(id) && id >= 0 && id < this.end.reservationsEnd) return
    throw new ConfigurationError('reservation', id, 'what reserve returned')
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
