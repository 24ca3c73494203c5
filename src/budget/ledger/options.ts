import type { PeriodOptions } from '../period/period.js'

/** One limit of an account. Amounts are whole micro-units: 1,000,000 are one unit of the currency. */
export interface BudgetOptions extends PeriodOptions {
  /** Default: the period's, as `day`. Each name once. */
  readonly name?: string
  /** What may be committed in a period; from 1 to 2⁵³ − 1. */
  readonly limit: number
  /** Whether it refuses what would go beyond; otherwise it counts only. Default true. */
  readonly blocking?: boolean
  /**
   * What may be committed when a period begins, before `setCeiling`. Default: the limit. For a ledger whose room is granted step by
   * step, as a journalled one's is.
   */
  readonly opening?: number
}

export interface LedgerOptions {
  /** Default `ledger`. */
  readonly name?: string
  /** From 1 to 16, the same for each account. */
  readonly budgets: readonly BudgetOptions[]
  /** Accounts that may be opened, each with a key and budgets of its own: tenants, users, projects. From 1 to 65,536; default 1. */
  readonly accounts?: number
  /** Threads that may be attached at one time. From 1 to 256; default 64. */
  readonly maxThreads?: number
  /** Reservations that one thread may hold at one time, at least: they are rounded up to a power of two. From 1 to 4,096; default 256. */
  readonly reservationsPerThread?: number
  /** How long a reservation holds, in milliseconds, from 1 to 2,147,483,647; default 60,000. It must be longer than the longest call. */
  readonly reservationMs?: number
  /** What becomes of one that expires: its money comes back, or counts as spent. Default `release`. */
  readonly expired?: 'release' | 'charge'
}

export type ResolvedBudget = Required<Pick<BudgetOptions, 'name' | 'limit' | 'blocking' | 'opening'>> & PeriodOptions

export interface ResolvedLedger {
  readonly name: string
  readonly budgets: readonly ResolvedBudget[]
  readonly accounts: number
  readonly slots: number
  readonly reservations: number
  readonly reservationMs: number
  readonly expired: 'release' | 'charge'
}

/** What another thread needs to attach. Structured-cloneable; its memory is shared, not copied. */
export interface LedgerHandle {
  readonly buffer: SharedArrayBuffer
  readonly ledger: ResolvedLedger
}
