import { doubles } from '../../memory/columns.js'
import type { Period } from '../period/period.js'

/**
 * What an account's figures are, and how they change: arithmetic on one thread's copy, which `SharedAccount` publishes whole.
 *
 * A record is a list of amounts: first what every call changes, the sum of all settlements ever and what is committed of each budget; then
 * what changes rarely, for each budget the amounts of `BudgetAmount` and, for each bucket of a sliding window, a mark: what was covered
 * before it. Sums only grow, and what falls into a period is a difference of them.
 *
 *     covered   = (total − overrun ever) − covered before      what of the period's settlements is committed
 *     reserved  = committed − covered
 *     committed   never above the ceiling of a budget that blocks
 *
 * A settlement that costs more than was reserved is covered as far as there is room; the rest is overrun: it was spent, but
 * nothing had permitted it. What is reserved when a period ends goes into the next one: it is committed there.
 */
export interface BudgetShape {
  readonly period: Period
  /** Whether it refuses; otherwise it counts only. */
  readonly blocking: boolean
  /** What may be committed when a period begins. */
  readonly opening: number
}

/** A record, as one thread has it at hand. */
export type Amounts = Float64Array

/**
 * What a budget has beside what is committed, by its place among these. One that doesn't block has a ceiling that nothing reaches.
 */
export const BudgetAmount = { ceiling: 0, period: 1, coveredBefore: 2, overrunEver: 3, overrunBefore: 4 } as const
const RARE_AMOUNTS = Object.keys(BudgetAmount).length

const TOTAL = 0
const COMMITTED = 1
const MOST = Number.MAX_SAFE_INTEGER
export const FITS = -1

export class RecordShape {
  /** How many amounts a record has. */
  readonly amounts: number
  /** How many of them, the first ones, every call may change. */
  readonly often: number
  /** Where the marks of each sliding budget begin. */
  readonly #marks: readonly number[]
  /** The numbers of the periods from `#sinceMs` until `#untilMs`. */
  readonly #current: Float64Array
  #sinceMs = 0
  #untilMs = 0

  constructor(readonly budgets: readonly BudgetShape[]) {
    this.often = COMMITTED + budgets.length
    let next = this.often + budgets.length * RARE_AMOUNTS
    this.#marks = budgets.map(({ period }) => {
      const marks = next
      if (period.buckets > 1) next += period.buckets
      return marks
    })
    this.amounts = next
    this.#current = doubles(budgets.length)
  }

  /** The record that an account begins with. */
  initial(nowMs: number): Amounts {
    const values = doubles(this.amounts)
    this.budgets.forEach(({ period, blocking, opening }, budget) => {
      values[this.at(budget, BudgetAmount.ceiling)] = blocking ? opening : MOST
      values[this.at(budget, BudgetAmount.period)] = period.indexAt(nowMs)
    })
    return values
  }

  /** Where one of a budget's amounts is. */
  at(budget: number, amount: number): number {
    return this.often + budget * RARE_AMOUNTS + amount
  }

  total(values: Amounts): number {
    return values[TOTAL] as number
  }

  committed(values: Amounts, budget: number): number {
    return values[COMMITTED + budget] as number
  }

  covered(values: Amounts, budget: number): number {
    return this.#coveredEver(values, budget) - (values[this.at(budget, BudgetAmount.coveredBefore)] as number)
  }

  overrun(values: Amounts, budget: number): number {
    return (
      (values[this.at(budget, BudgetAmount.overrunEver)] as number) -
      (values[this.at(budget, BudgetAmount.overrunBefore)] as number)
    )
  }

  /** Lets periods end that have. A clock that goes back changes nothing. Returns whether any did. */
  advance(values: Amounts, nowMs: number): boolean {
    if (nowMs >= this.#untilMs || nowMs < this.#sinceMs) this.#look(nowMs)
    let some = false
    for (let budget = 0; budget < this.#current.length; budget++) {
      if ((values[this.at(budget, BudgetAmount.period)] as number) >= (this.#current[budget] as number)) continue
      this.#begin(values, budget, this.#current[budget] as number)
      some = true
    }
    return some
  }

  /** Whether the periods of the record are those of this moment, or later ones. */
  isCurrent(values: Amounts, nowMs: number): boolean {
    if (nowMs >= this.#untilMs || nowMs < this.#sinceMs) return false
    const current = this.#current
    for (let budget = 0, at = this.often + BudgetAmount.period; budget < current.length; budget++, at += RARE_AMOUNTS) {
      if ((values[at] as number) < (current[budget] as number)) return false
    }
    return true
  }

  /**
   * Reserves so much of each budget. Returns the first that has no room for it, and then `values` are of no more use; or `FITS`.
   */
  reserve(values: Amounts, amount: number): number {
    for (let place = COMMITTED, at = this.often; place < this.often; place++, at += RARE_AMOUNTS) {
      const committed = (values[place] as number) + amount
      if (committed > (values[at] as number)) return place - COMMITTED
      values[place] = committed
    }
    return FITS
  }

  /**
   * What was reserved is so no more, and so much was spent. Returns how much of it some budget had no room for. Throws a `RangeError` if the
   * sum of all settlements would come to 2⁵³.
   */
  settle(values: Amounts, reserved: number, actual: number): number {
    const total = (values[TOTAL] as number) + actual
    if (total > MOST) throw new RangeError(`the sum of all settlements would be above ${MOST}`)
    values[TOTAL] = total
    if (actual > reserved) return this.#settleAbove(values, reserved, actual)
    for (let at = COMMITTED; at < this.often; at++) add(values, at, actual - reserved)
    return 0
  }

  #settleAbove(values: Amounts, reserved: number, actual: number): number {
    let most = 0
    for (let budget = 0; budget < this.#current.length; budget++) {
      const committed = this.committed(values, budget) - reserved
      const room = Math.max(reserved, (values[this.at(budget, BudgetAmount.ceiling)] as number) - committed)
      const covered = Math.min(actual, room)
      values[COMMITTED + budget] = committed + covered
      add(values, this.at(budget, BudgetAmount.overrunEver), actual - covered)
      most = Math.max(most, actual - covered)
    }
    return most
  }

  /** Counts as spent in this period what an earlier process spent. */
  restore(values: Amounts, budget: number, spent: number): void {
    add(values, COMMITTED + budget, spent)
    add(values, this.at(budget, BudgetAmount.coveredBefore), -spent)
    const { buckets } = (this.budgets[budget] as BudgetShape).period
    for (let mark = 0; buckets > 1 && mark < buckets; mark++)
      add(values, (this.#marks[budget] as number) + mark, -spent)
  }

  #coveredEver(values: Amounts, budget: number): number {
    return (values[TOTAL] as number) - (values[this.at(budget, BudgetAmount.overrunEver)] as number)
  }

  /** Which periods it is now. */
  #look(nowMs: number): void {
    this.#sinceMs = 0
    this.#untilMs = Number.POSITIVE_INFINITY
    this.budgets.forEach(({ period }, budget) => {
      const index = period.indexAt(nowMs)
      this.#current[budget] = index
      this.#sinceMs = Math.max(this.#sinceMs, period.startOf(index))
      this.#untilMs = Math.min(this.#untilMs, period.endOf(index))
    })
  }

  /** What was spent before the window leaves it; what is reserved stays. */
  #begin(values: Amounts, budget: number, to: number): void {
    const { period, blocking, opening } = this.budgets[budget] as BudgetShape
    const { buckets } = period
    const from = values[this.at(budget, BudgetAmount.period)] as number
    const ever = this.#coveredEver(values, budget)
    const before = this.at(budget, BudgetAmount.coveredBefore)
    let leaves = ever
    if (buckets > 1) {
      const marks = this.#marks[budget] as number
      for (let index = Math.max(from + 1, to - buckets + 1); index <= to; index++)
        values[marks + (index % buckets)] = ever
      // Of the first bucket that the window still holds.
      leaves = values[marks + ((to + 1) % buckets)] as number
    }
    add(values, COMMITTED + budget, (values[before] as number) - leaves)
    values[before] = leaves
    values[this.at(budget, BudgetAmount.period)] = to
    if (to - from < buckets) return
    values[this.at(budget, BudgetAmount.overrunBefore)] = values[this.at(budget, BudgetAmount.overrunEver)] as number
    if (buckets === 1 && blocking) values[this.at(budget, BudgetAmount.ceiling)] = opening
  }
}

function add(values: Amounts, index: number, amount: number): void {
  values[index] = (values[index] as number) + amount
}
