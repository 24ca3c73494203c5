import type { Settlement } from '../budget/ledger/budget-account.js'
import type { LedgerHandle } from '../budget/ledger/options.js'
import type { SpentBudget } from '../spending.js'

/** A reservation, as whoever made it knows it; 0 is none. */
export type Hold = number

/** One thread's end of an account of what keeps the budgets. */
export interface AccountUnderTest {
  /** 0 if some budget has no room. A ledger that has its callers wait answers later, and nothing once they need not wait any more. */
  reserve(amount: number, goesOn: () => boolean): Hold | Promise<Hold | undefined>
  settle(hold: Hold, actual: number): Settlement
  /** Whether the reservation had not ended before. */
  release(hold: Hold): boolean
  status(): { readonly total: number; readonly budgets: readonly SpentBudget[] }
}

export interface LedgerUnderTest {
  readonly handle: LedgerUnderTestHandle
  account(index: number): AccountUnderTest
  /** Ends what has expired. */
  expire(): void
  detach(): void
}

/** What another thread needs to attach. */
export type LedgerUnderTestHandle =
  | { readonly kind: 'reserve-settle'; readonly ledger: LedgerHandle }
  | { readonly kind: 'one-lock' | 'check-then-spend'; readonly buffer: SharedArrayBuffer }
