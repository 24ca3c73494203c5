import type { AccountFigures, KeptAccount, SpentPart } from '../ledger/kept-account.js'
import type { ResolvedBudget } from '../ledger/options.js'
import type { Period } from '../period/period.js'
import { type Granting, Grantor } from './granting.js'
import { kindOf, type RestoredBudget, restored, sumOf } from './restoring.js'
import type { StoredAccount, StoredBudget } from './store.js'

/** A budget of a ledger, and what its keeper has to know of it. */
export interface KeptBudget {
  readonly options: ResolvedBudget
  readonly period: Period
  readonly granting: Granting
  readonly kind: string
}

export function keptBudget(options: ResolvedBudget, period: Period, blocks: number): KeptBudget {
  const granting = { limit: options.limit, block: Math.ceil(options.limit / blocks) }
  return { options, period, granting, kind: kindOf(options) }
}

/** What an earlier process has left of each budget that there still is, by its place. */
export function restoredBudgets(
  budgets: readonly KeptBudget[],
  stored: StoredAccount,
  nowMs: number,
): Map<number, RestoredBudget> {
  const left = new Map<number, RestoredBudget>()
  budgets.forEach(({ options, period }, at) => {
    const budget = stored.budgets.find(({ name }) => name === options.name)
    if (budget) left.set(at, restored(budget, stored.closed, period, nowMs))
  })
  return left
}

/** The budgets of one account in the keeper's hands: what they were, what is granted, what is written down. */
export class KeptBudgets {
  /** What is open of each budget, by its place. */
  readonly #open: (readonly SpentPart[])[]
  readonly #left: ReadonlyMap<number, RestoredBudget>
  /** Budgets of an earlier process that there are no more; they may come back. */
  readonly #others: readonly StoredBudget[]
  readonly #grantors: readonly Grantor[]
  #written = ''
  /** When it was last compared with what was written, by the monotonic clock. */
  comparedMs = Number.NEGATIVE_INFINITY

  constructor(
    readonly account: KeptAccount,
    private readonly budgets: readonly KeptBudget[],
    stored: StoredAccount | undefined,
    nowMs: number,
  ) {
    this.#left = stored ? restoredBudgets(budgets, stored, nowMs) : new Map()
    this.#open = budgets.map((_, at) => this.#left.get(at)?.open ?? [])
    this.#others = (stored?.budgets ?? []).filter(({ name }) => budgets.every(({ options }) => options.name !== name))
    this.#grantors = budgets.map(({ granting }) => new Grantor(granting))
    account.restore(stored?.total ?? 0, this.#left)
  }

  /** The ceilings that should be raised, by the budgets' places. */
  raised(figures: AccountFigures, wanted: number): Map<number, number> {
    const ceilings = new Map<number, number>()
    this.budgets.forEach(({ options }, at) => {
      const ceiling = options.blocking ? this.#grantorAt(at).raised(figuresAt(figures, at), wanted) : undefined
      if (ceiling !== undefined) ceilings.set(at, ceiling)
    })
    return ceilings
  }

  /** Lowers ceilings that have been too high for a while. Returns whether it lowered any. */
  lower(figures: AccountFigures): boolean {
    let some = false
    this.budgets.forEach(({ options }, at) => {
      const of = figuresAt(figures, at)
      const ceiling = options.blocking ? this.#grantorAt(at).lowered(of) : undefined
      if (ceiling === undefined) return
      this.account.lowerCeiling(at, of.period, ceiling)
      some = true
    })
    return some
  }

  /** Lowers all ceilings to what is committed. Returns whether anything is still reserved. */
  shut(): boolean {
    this.account.read().budgets.forEach(({ period }, at) => {
      this.account.lowerCeiling(at, period, 0)
    })
    return this.account.read().budgets.some(({ committed, covered }) => committed > covered)
  }

  /** What to write down, with ceilings that are about to be raised. */
  stored({ total, budgets }: AccountFigures, ceilings: ReadonlyMap<number, number>, closed: boolean): StoredAccount {
    const rows = this.budgets.map(({ options, kind }, at): StoredBudget => {
      const { period, ceiling, committed, overrun, parts } = figuresAt({ total, budgets }, at)
      // What is reserved over the turn of a period is committed in the next one before anything is granted there.
      const least = Math.max(ceilings.get(at) ?? ceiling, committed)
      return {
        name: options.name,
        kind,
        period,
        ceiling: options.blocking ? least : 0,
        parts,
        open: this.#openWithin(at, period),
        overrun,
      }
    })
    return { key: this.account.key, closed, total, budgets: [...rows, ...this.#others] }
  }

  /** Whether that is other than what was written last. */
  isNews(stored: StoredAccount, nowMs: number): boolean {
    this.comparedMs = nowMs
    return JSON.stringify(stored) !== this.#written
  }

  noteWritten(stored: StoredAccount): void {
    this.#written = JSON.stringify(stored)
  }

  /** What is left of a budget, with what is open of it now. */
  left(at: number): RestoredBudget | undefined {
    const left = this.#left.get(at)
    return left && { ...left, open: this.#open[at] as readonly SpentPart[] }
  }

  /** What is open of the budget was not spent but for `spent` of it. Returns what comes back: from the earliest parts, which leave a window first. */
  resolve(at: number, spent: number): number {
    const open = this.#openWithin(at, figuresAt(this.account.read(), at).period)
    let back = Math.max(0, sumOf(open) - spent)
    const total = back
    this.#open[at] = []
    for (const [index, amount] of open) {
      const some = Math.min(amount, back)
      this.account.addSpent(at, index, -some)
      back -= some
    }
    return total
  }

  #grantorAt(at: number): Grantor {
    return this.#grantors[at] as Grantor
  }

  /** Of a sliding window what is open leaves it in time. */
  #openWithin(at: number, last: number): readonly SpentPart[] {
    const { buckets } = (this.budgets[at] as KeptBudget).period
    return (this.#open[at] as readonly SpentPart[]).filter(([index]) => index > last - buckets)
  }
}

function figuresAt({ budgets }: AccountFigures, at: number): AccountFigures['budgets'][number] {
  return budgets[at] as AccountFigures['budgets'][number]
}
