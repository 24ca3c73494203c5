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
  /** What may be committed when a period begins. */
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
    return get(values, this.at(budget, BudgetAmount.overrunEver)) - get(values, this.at(budget, BudgetAmount.overrunBefore))
  }

  /** Lets periods end that have. A clock that goes back changes nothing. */
  advance(values: Amounts, nowMs: number): void {
    for (let budget = 0; budget < this.budgets.length; budget++) {
      const { period } = this.budgets[budget] as BudgetShape
      const place = this.at(budget, BudgetAmount.period)
      const from = get(values, place)
      const to = period.indexAt(nowMs)
      if (to <= from) continue
      this.#forget(values, budget, from, to)
      values[place] = to
    }
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
      const covered = actual <= reserved ? actual : Math.min(actual, Math.max(reserved, this.ceiling(values, budget) - committed))
      values[this.at(budget, BudgetAmount.committed)] = committed + covered
      if (covered === actual) continue
      add(values, this.at(budget, BudgetAmount.overrunEver), actual - covered)
      most = Math.max(most, actual - covered)
    }
    add(values, TOTAL, actual)
    return most
  }

  /** Counts as spent in this period what an earlier process spent. */
  restore(values: Amounts, budget: number, spent: number): void {
    add(values, this.at(budget, BudgetAmount.committed), spent)
    add(values, this.at(budget, BudgetAmount.coveredBefore), -spent)
    const { buckets } = (this.budgets[budget] as BudgetShape).period
    for (let mark = 0; buckets > 1 && mark < buckets; mark++) add(values, this.at(budget, BudgetAmount.marks) + mark, -spent)
  }

  ceiling(values: Amounts, budget: number): number {
    return (this.budgets[budget] as BudgetShape).blocking ? get(values, this.at(budget, BudgetAmount.ceiling)) : MOST
  }

  #coveredEver(values: Amounts, budget: number): number {
    return get(values, TOTAL) - get(values, this.at(budget, BudgetAmount.overrunEver))
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
      for (let index = Math.max(from + 1, to - buckets + 1); index <= to; index++) values[marks + (index % buckets)] = ever
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
