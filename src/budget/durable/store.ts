import type { SpentPart } from '../ledger/kept-account.js'

/** A budget of an account as it is written down. Amounts are whole micro-units. */
export interface StoredBudget {
  readonly name: string
  /** What the numbers of its periods mean; they mean nothing to a budget of another kind. */
  readonly kind: string
  /** The number of the period, or of a sliding window's last bucket. */
  readonly period: number
  /** What may be committed in that period. After a crash all of it counts as spent. */
  readonly ceiling: number
  /** What is known to be spent, or counts as that, and where. */
  readonly parts: readonly SpentPart[]
  /** How much of `parts` nobody knows whether it was spent: what earlier crashes left open. */
  readonly open: readonly SpentPart[]
  readonly overrun: number
}

/** An account as it is written down: each writing takes the place of the one before. */
export interface StoredAccount {
  readonly key: string
  /** Whether the process that wrote it had ended spending: then only what was reserved is left of a ceiling. */
  readonly closed: boolean
  /** The sum of all settlements. */
  readonly total: number
  readonly budgets: readonly StoredBudget[]
}

/**
 * Where spend outlives the process: a file by default (`journalFile`), or a database. One process at a time may have it open.
 *
 * The keeper calls one method at a time and waits for its end. Whatever is thrown or rejected with, nothing is granted for it: what was written by a call that
 * failed may be there after a crash or not, whole or in part, as long as each account in it is the one before or the new one. The keeper
 * writes again after a while.
 */
export interface BudgetStore {
  /** Makes sure that no other process has it open, and gives what was written last of each account. Rejects with a `DurableError` if it can't be told. */
  open(): Promise<readonly StoredAccount[]>
  /** Resolves when all of it will be there after a crash of the machine. Rejects if the store is no longer this process's. */
  write(accounts: readonly StoredAccount[]): Promise<void>
  /** Gives the store back to whoever comes next. */
  close(): Promise<void>
}
