import type { LedgerEnd } from './ledger-end.js'
import { type Amounts, BudgetAmount, type BudgetShape, type RecordShape } from './record.js'

/** So much was spent in the period, or the bucket of a sliding window, of that number. */
export type SpentPart = readonly [index: number, amount: number]

/** What a budget is at one moment, for whoever writes it down. Amounts are whole micro-units. */
export interface BudgetFigures {
  /** The number of the period, or of a sliding window's last bucket. */
  readonly period: number
  readonly ceiling: number
  readonly committed: number
  readonly covered: number
  readonly overrun: number
  /** Where what is covered was spent. */
  readonly parts: readonly SpentPart[]
}

/** What an earlier process has left of a budget. */
export type EarlierFigures = Pick<BudgetFigures, 'period' | 'overrun' | 'parts'>

export interface AccountFigures {
  readonly total: number
  /** In the order of the ledger's options. */
  readonly budgets: readonly BudgetFigures[]
}

/** An account as its keeper sees it, who restores it and grants what may be committed. Each change is one step. */
export class KeptAccount {
  constructor(
    readonly key: string,
    readonly index: number,
    private readonly shape: RecordShape,
    private readonly end: LedgerEnd,
  ) {}

  read(): AccountFigures {
    const values = this.end.read(this.index)
    const budgets = this.shape.budgets.map((_, at) => figuresOf(values, this.shape, at))
    return { total: this.shape.total(values), budgets }
  }

  /**
   * Counts what an earlier process spent, of all budgets at once. Where it was in a later period than the clock says, that one begins:
   * a clock that was set back gives no money back.
   */
  restore(total: number, budgets: ReadonlyMap<number, EarlierFigures>): void {
    this.#change((values) => {
      this.shape.addToTotal(values, total)
      for (const [at, { period, overrun, parts }] of budgets) {
        this.shape.advanceTo(values, at, period)
        if (this.shape.reaches(values, at, period)) this.shape.addOverrun(values, at, overrun)
        for (const [index, amount] of parts) this.shape.addSpent(values, at, index, amount)
      }
      return true
    })
  }

  /** Counts so much more as spent in that part of the budget, or less. Of a part that is over, nothing: no period begins by it. */
  addSpent(at: number, index: number, amount: number): void {
    this.#change((values) => {
      const isOver = !this.shape.reaches(values, at, index)
      if (!isOver) this.shape.addSpent(values, at, index, amount)
      return !isOver
    })
  }

  /**
   * Sets what may be committed, at most the limit, and covers what overran as far as there is room now. Returns false, and changes nothing,
   * if another period has begun, more than that is committed, or the budget doesn't block.
   */
  setCeiling(at: number, period: number, ceiling: number): boolean {
    return this.#change((values) => {
      if (this.#isFixed(values, at, period) || this.shape.committed(values, at) > ceiling) return false
      values[this.shape.at(at, BudgetAmount.ceiling)] = Math.min(ceiling, (this.shape.budgets[at] as BudgetShape).limit)
      this.shape.coverOverrun(values, at)
      return true
    })
  }

  /** Lowers what may be committed to `ceiling`, or to what is committed if that is more. It is never raised. */
  lowerCeiling(at: number, period: number, ceiling: number): void {
    this.#change((values) => {
      const place = this.shape.at(at, BudgetAmount.ceiling)
      const least = Math.max(ceiling, this.shape.committed(values, at))
      if (this.#isFixed(values, at, period) || least >= (values[place] as number)) return false
      values[place] = least
      return true
    })
  }

  /** A sliding window's ceiling stays as the window moves on; a budget that doesn't block has none. */
  #isFixed(values: Amounts, at: number, period: number): boolean {
    const { blocking, period: of } = this.shape.budgets[at] as BudgetShape
    return !blocking || (of.buckets === 1 && values[this.shape.at(at, BudgetAmount.period)] !== period)
  }

  #change(change: (values: Amounts) => boolean): boolean {
    return this.end.change(this.index, change)
  }
}

function figuresOf(values: Amounts, shape: RecordShape, at: number): BudgetFigures {
  const get = (amount: number) => values[shape.at(at, amount)] as number
  return {
    period: get(BudgetAmount.period),
    ceiling: get(BudgetAmount.ceiling),
    committed: shape.committed(values, at),
    covered: shape.covered(values, at),
    overrun: shape.overrun(values, at),
    parts: shape.parts(values, at),
  }
}
