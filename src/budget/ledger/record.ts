import type { Period } from '../period/period.js'

/**
 * What an account's figures are, and how they change: arithmetic on one thread's copy, which `SharedAccount` publishes whole.
 *
 * A record is a list of amounts: first the sum of all settlements ever, then for each budget what is committed, covered,
 * overrun, its ceiling, the index of its period, and for a sliding one what each bucket of its window covers.
 *
 *     committed = reserved + covered        never above the ceiling of a budget that blocks
 *     spent     = covered + overrun         the sum of the period's settlements
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

/** Places of a budget's amounts, counted from its first. */
export const BudgetAmount = { committed: 0, covered: 1, overrun: 2, ceiling: 3, period: 4, ring: 5 } as const

const TOTAL = 0
const MOST = Number.MAX_SAFE_INTEGER
export const FITS = -1

export class RecordShape {
  /** Where each budget's amounts begin. */
  readonly first: readonly number[]
  /** How many amounts a record has. */
  readonly amounts: number

  constructor(readonly budgets: readonly BudgetShape[]) {
    const first: number[] = []
    let next = TOTAL + 1
    for (const { period } of budgets) {
      first.push(next)
      next += BudgetAmount.ring + (period.buckets > 1 ? period.buckets : 0)
    }
    this.first = first
    this.amounts = next
  }

  /** The record that an account begins with. */
  initial(nowMs: number): number[] {
    const values = new Array<number>(this.amounts).fill(0)
    this.budgets.forEach(({ period, opening }, budget) => {
      const first = this.#first(budget)
      values[first + BudgetAmount.ceiling] = opening
      values[first + BudgetAmount.period] = period.indexAt(nowMs)
    })
    return values
  }

  total(values: readonly number[]): number {
    return at(values, TOTAL)
  }

  /** Lets periods end that have. A clock that goes back changes nothing. Returns whether anything did change. */
  advance(values: number[], nowMs: number): boolean {
    let changed = false
    for (let budget = 0; budget < this.budgets.length; budget++) {
      const { period, opening } = this.budgets[budget] as BudgetShape
      const first = this.#first(budget)
      const from = at(values, first + BudgetAmount.period)
      const to = period.indexAt(nowMs)
      if (to <= from) continue
      changed = true
      values[first + BudgetAmount.period] = to
      if (to - from >= period.buckets) forgetAll(values, first, period.buckets)
      else forgetBuckets(values, first, period.buckets, from, to)
      if (period.buckets === 1) values[first + BudgetAmount.ceiling] = opening
    }
    return changed
  }

  /** The first budget that has no room for so much, or `FITS`. */
  refusing(values: readonly number[], amount: number): number {
    for (let budget = 0; budget < this.budgets.length; budget++) {
      const first = this.#first(budget)
      if (at(values, first + BudgetAmount.committed) + amount > this.#ceiling(values, budget)) return budget
    }
    return FITS
  }

  reserve(values: number[], amount: number): void {
    for (let budget = 0; budget < this.budgets.length; budget++) {
      add(values, this.#first(budget) + BudgetAmount.committed, amount)
    }
  }

  /** What was reserved is so no more, and so much was spent. Returns how much of it some budget had no room for. */
  settle(values: number[], reserved: number, actual: number): number {
    let most = 0
    for (let budget = 0; budget < this.budgets.length; budget++) {
      const first = this.#first(budget)
      const committed = at(values, first + BudgetAmount.committed) - reserved
      const covered = Math.min(actual, Math.max(reserved, this.#ceiling(values, budget) - committed))
      values[first + BudgetAmount.committed] = committed + covered
      add(values, first + BudgetAmount.covered, covered)
      add(values, first + BudgetAmount.overrun, actual - covered)
      const { buckets } = (this.budgets[budget] as BudgetShape).period
      if (buckets > 1) add(values, first + BudgetAmount.ring + (at(values, first + BudgetAmount.period) % buckets), covered)
      most = Math.max(most, actual - covered)
    }
    add(values, TOTAL, actual)
    return most
  }

  #first(budget: number): number {
    return this.first[budget] as number
  }

  #ceiling(values: readonly number[], budget: number): number {
    const first = this.#first(budget)
    return (this.budgets[budget] as BudgetShape).blocking ? at(values, first + BudgetAmount.ceiling) : MOST
  }
}

/** Sums that come to 2⁵³ − 1 stay there. */
function add(values: number[], index: number, amount: number): void {
  values[index] = Math.min(at(values, index) + amount, MOST)
}

/** What was spent leaves; what is reserved stays. */
function forgetAll(values: number[], first: number, buckets: number): void {
  add(values, first + BudgetAmount.committed, -at(values, first + BudgetAmount.covered))
  values[first + BudgetAmount.covered] = 0
  values[first + BudgetAmount.overrun] = 0
  if (buckets > 1) values.fill(0, first + BudgetAmount.ring, first + BudgetAmount.ring + buckets)
}

function forgetBuckets(values: number[], first: number, buckets: number, from: number, to: number): void {
  for (let index = from + 1; index <= to; index++) {
    const place = first + BudgetAmount.ring + (index % buckets)
    const covered = at(values, place)
    add(values, first + BudgetAmount.committed, -covered)
    add(values, first + BudgetAmount.covered, -covered)
    values[place] = 0
  }
}

function at(values: readonly number[], index: number): number {
  return values[index] as number
}
