import type { Period } from '../period/period.js'

/**
 * What an account's figures are, and how they change: arithmetic on one thread's copy, which `SharedAccount` publishes whole.
 *
 * A record is a list of amounts: first the sum of all settlements ever, then for each budget the amounts of `BudgetAmount`, and for a
 * sliding one a mark for each bucket of its window. Sums only grow, and what falls into a period is a difference of them, so that a
 * settlement changes two amounts and one more for each further budget.
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
  readonly limit: number
  /** What may be committed when a period begins. Less than the limit: the rest is granted, by `setCeiling`. */
  readonly opening: number
}

/** A record, as one thread has it at hand. */
export type Amounts = Float64Array

/** Places of a budget's amounts, counted from its first. Of a sliding window there is a mark for each bucket: what was covered before it. */
export const BudgetAmount = {
  committed: 0,
  overrunEver: 1,
  overrunBefore: 2,
  coveredBefore: 3,
  ceiling: 4,
  period: 5,
  marks: 6,
} as const

const TOTAL = 0
const MOST = Number.MAX_SAFE_INTEGER
export const FITS = -1

export class RecordShape {
  /** How many amounts a record has. */
  readonly amounts: number
  /** Where each budget's amounts begin. */
  readonly #first: readonly number[]

  constructor(readonly budgets: readonly BudgetShape[]) {
    const first: number[] = []
    let next = TOTAL + 1
    for (const { period } of budgets) {
      first.push(next)
      next += BudgetAmount.marks + (period.buckets > 1 ? period.buckets : 0)
    }
    this.#first = first
    this.amounts = next
  }

  /** The record that an account begins with. */
  initial(nowMs: number): Amounts {
    const values = new Float64Array(this.amounts)
    this.budgets.forEach(({ period, opening }, budget) => {
      values[this.at(budget, BudgetAmount.ceiling)] = opening
      values[this.at(budget, BudgetAmount.period)] = period.indexAt(nowMs)
    })
    return values
  }

  /** Where one of a budget's amounts is. */
  at(budget: number, amount: number): number {
    return (this.#first[budget] as number) + amount
  }

  total(values: Amounts): number {
    return get(values, TOTAL)
  }

  committed(values: Amounts, budget: number): number {
    return get(values, this.at(budget, BudgetAmount.committed))
  }

  covered(values: Amounts, budget: number): number {
    return this.#coveredEver(values, budget) - get(values, this.at(budget, BudgetAmount.coveredBefore))
  }

  overrun(values: Amounts, budget: number): number {
    return (
      get(values, this.at(budget, BudgetAmount.overrunEver)) - get(values, this.at(budget, BudgetAmount.overrunBefore))
    )
  }

  /** Lets periods end that have. A clock that goes back changes nothing. */
  advance(values: Amounts, nowMs: number): void {
    for (let budget = 0; budget < this.budgets.length; budget++) {
      this.advanceTo(values, budget, (this.budgets[budget] as BudgetShape).period.indexAt(nowMs))
    }
  }

  /** Lets the budget's period of that number begin, if a later one has not. */
  advanceTo(values: Amounts, budget: number, to: number): void {
    const place = this.at(budget, BudgetAmount.period)
    const from = get(values, place)
    if (to <= from) return
    this.#forget(values, budget, from, to)
    values[place] = to
  }

  /** The first budget that has no room for so much, or `FITS`. */
  refusing(values: Amounts, amount: number): number {
    for (let budget = 0; budget < this.budgets.length; budget++) {
      if (this.committed(values, budget) + amount > this.ceiling(values, budget)) return budget
    }
    return FITS
  }

  reserve(values: Amounts, amount: number): void {
    for (let budget = 0; budget < this.budgets.length; budget++) {
      add(values, this.at(budget, BudgetAmount.committed), amount)
    }
  }

  /**
   * What was reserved is so no more, and so much was spent. Returns how much of it some budget had no room for. Throws a `RangeError` if the
   * sum of all settlements would come to 2⁵³.
   */
  settle(values: Amounts, reserved: number, actual: number): number {
    if (get(values, TOTAL) + actual > MOST) throw new RangeError(`the sum of all settlements would be above ${MOST}`)
    let most = 0
    for (let budget = 0; budget < this.budgets.length; budget++) {
      const committed = this.committed(values, budget) - reserved
      const covered =
        actual <= reserved ? actual : Math.min(actual, Math.max(reserved, this.ceiling(values, budget) - committed))
      values[this.at(budget, BudgetAmount.committed)] = committed + covered
      if (covered === actual) continue
      add(values, this.at(budget, BudgetAmount.overrunEver), actual - covered)
      most = Math.max(most, actual - covered)
    }
    add(values, TOTAL, actual)
    return most
  }

  /** Counts what earlier processes settled; nothing of it is in the periods that are running. */
  addToTotal(values: Amounts, total: number): void {
    if (get(values, TOTAL) + total > MOST) throw new RangeError(`the sum of all settlements would be above ${MOST}`)
    add(values, TOTAL, total)
    for (let budget = 0; budget < this.budgets.length; budget++)
      this.#moveMarks(values, budget, Number.NEGATIVE_INFINITY, total)
  }

  /** Counts so much as spent in that period or bucket, or so much less; of one that has left the window, nothing. */
  addSpent(values: Amounts, budget: number, index: number, amount: number): void {
    if (!this.reaches(values, budget, index)) return
    add(values, this.at(budget, BudgetAmount.committed), amount)
    this.#moveMarks(values, budget, index, -amount)
  }

  addOverrun(values: Amounts, budget: number, amount: number): void {
    add(values, this.at(budget, BudgetAmount.overrunBefore), -amount)
  }

  /** Whether a period or bucket is in the window that counts. */
  reaches(values: Amounts, budget: number, index: number): boolean {
    const last = get(values, this.at(budget, BudgetAmount.period))
    return index <= last && index > last - (this.budgets[budget] as BudgetShape).period.buckets
  }

  /** What is covered, by the period or the buckets in which it was spent; those of which it is nothing are left out. */
  parts(values: Amounts, budget: number): [index: number, amount: number][] {
    const { buckets } = (this.budgets[budget] as BudgetShape).period
    const last = get(values, this.at(budget, BudgetAmount.period))
    const parts: [number, number][] = []
    let next = this.#coveredEver(values, budget)
    for (let index = last; index > last - buckets; index--) {
      const mark = get(values, this.#markOf(budget, index))
      if (next !== mark) parts.push([index, next - mark])
      next = mark
    }
    return parts.reverse()
  }

  /** Whether a budget has room for so much, once it is granted. */
  awaitsGrant(values: Amounts, budget: number, amount: number): boolean {
    const shape = this.budgets[budget]
    return shape !== undefined && shape.opening < shape.limit && this.committed(values, budget) + amount <= shape.limit
  }

  /** What overran is covered as far as there is room by now. */
  coverOverrun(values: Amounts, budget: number): void {
    const room = this.ceiling(values, budget) - this.committed(values, budget)
    const covered = Math.min(this.overrun(values, budget), Math.max(0, room))
    add(values, this.at(budget, BudgetAmount.committed), covered)
    add(values, this.at(budget, BudgetAmount.overrunEver), -covered)
  }

  ceiling(values: Amounts, budget: number): number {
    return (this.budgets[budget] as BudgetShape).blocking ? get(values, this.at(budget, BudgetAmount.ceiling)) : MOST
  }

  #coveredEver(values: Amounts, budget: number): number {
    return get(values, TOTAL) - get(values, this.at(budget, BudgetAmount.overrunEver))
  }

  /** What was covered before a bucket; of the first in the window, and of a calendar's period, that is before all that counts. */
  #markOf(budget: number, index: number): number {
    const { buckets } = (this.budgets[budget] as BudgetShape).period
    if (buckets === 1) return this.at(budget, BudgetAmount.coveredBefore)
    return this.at(budget, BudgetAmount.marks) + (((index % buckets) + buckets) % buckets)
  }

  /** Moves what was covered before the bucket of that number, and before those that were earlier; before all, if it is −∞. */
  #moveMarks(values: Amounts, budget: number, upTo: number, by: number): void {
    const { buckets } = (this.budgets[budget] as BudgetShape).period
    const last = get(values, this.at(budget, BudgetAmount.period))
    add(values, this.at(budget, BudgetAmount.coveredBefore), by)
    for (let index = last; buckets > 1 && index > last - buckets; index--) {
      if (upTo === Number.NEGATIVE_INFINITY || index <= upTo) add(values, this.#markOf(budget, index), by)
    }
  }

  /** What was spent before the window leaves it; what is reserved stays. */
  #forget(values: Amounts, budget: number, from: number, to: number): void {
    const { buckets } = (this.budgets[budget] as BudgetShape).period
    const ever = this.#coveredEver(values, budget)
    const before = this.at(budget, BudgetAmount.coveredBefore)
    let leaves = ever
    if (buckets > 1) {
      const marks = this.at(budget, BudgetAmount.marks)
      // Where the window begins: after the buckets that it is about to reach, or with all that there are.
      for (let index = Math.max(from + 1, to - buckets + 1); index <= to; index++)
        values[marks + (index % buckets)] = ever
      leaves = get(values, marks + ((to + 1) % buckets))
    }
    add(values, this.at(budget, BudgetAmount.committed), get(values, before) - leaves)
    values[before] = leaves
    if (to - from < buckets) return
    values[this.at(budget, BudgetAmount.overrunBefore)] = get(values, this.at(budget, BudgetAmount.overrunEver))
    if (buckets === 1) values[this.at(budget, BudgetAmount.ceiling)] = (this.budgets[budget] as BudgetShape).opening
  }
}

function add(values: Amounts, index: number, amount: number): void {
  values[index] = get(values, index) + amount
}

function get(values: Amounts, index: number): number {
  return values[index] as number
}
