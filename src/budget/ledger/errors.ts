import { ConfigurationError } from '../../breaker/errors.js'
import { nameRefusal, RefusalError } from '../../breaker/refusal-error.js'

const EXCEEDED_CODE = 'ERR_BUDGET_EXCEEDED'

/**
 * A budget has no room for the call; nothing was reserved, and nothing was spent. It has no stack (`RefusalError`). Amounts are whole micro-units.
 */
export class BudgetExceededError extends RefusalError {
  declare readonly name: 'BudgetExceededError'
  declare readonly code: typeof EXCEEDED_CODE

  constructor(
    /** The account's key. */
    readonly account: string,
    /** The budget's name. */
    readonly budget: string,
    /** What the call asked for. */
    readonly requested: number,
    /** What was reserved and spent of the budget. */
    readonly committed: number,
    readonly limit: number,
    /** When the budget's period ends, in milliseconds since 1970; `Infinity` if it never does. A settlement may make room before. */
    readonly freesAtMs: number,
    private readonly now: () => number,
  ) {
    super()
  }

  /** Milliseconds until the budget's period ends. */
  get retryAfterMs(): number {
    return Math.max(0, this.freesAtMs - this.now())
  }

  get message(): string {
    const { account, budget, requested, committed, limit } = this
    return `budget "${budget}" of account "${account}" has no room for ${requested}: ${committed} of ${limit} are committed`
  }

  toJSON() {
    const { name, code, message, account, budget, requested, committed, limit, freesAtMs, retryAfterMs } = this
    return { name, code, message, account, budget, requested, committed, limit, freesAtMs, retryAfterMs }
  }
}
nameRefusal(BudgetExceededError, 'BudgetExceededError', EXCEEDED_CODE)

const NOT_GRANTED_CODE = 'ERR_BUDGET_NOT_GRANTED'

/**
 * A budget has room for the call within its limit, but so much has not been granted yet: the journal that makes spend outlive the process
 * is behind. Nothing was reserved. The keeper has been asked; `reserveSoon` waits for it.
 */
export class BudgetNotGrantedError extends RefusalError {
  declare readonly name: 'BudgetNotGrantedError'
  declare readonly code: typeof NOT_GRANTED_CODE

  constructor(
    /** The account's key. */
    readonly account: string,
    /** The budget's name. */
    readonly budget: string,
    /** What the call asked for, in micro-units. */
    readonly requested: number,
    /** False while nothing is granted, because the journal can't be written or was closed. */
    readonly isComing: boolean,
  ) {
    super()
  }

  /** When it is worth asking again, in milliseconds: about what a disk takes, or until the keeper tries the journal again. */
  get retryAfterMs(): number {
    return this.isComing ? 20 : 1000
  }

  get message(): string {
    const why = this.isComing ? 'not granted yet' : 'nothing is granted, as the journal is closed or fails'
    return `budget "${this.budget}" of account "${this.account}" has room for ${this.requested}, but ${why}`
  }

  toJSON() {
    const { name, code, message, account, budget, requested, isComing, retryAfterMs } = this
    return { name, code, message, account, budget, requested, isComing, retryAfterMs }
  }
}
nameRefusal(BudgetNotGrantedError, 'BudgetNotGrantedError', NOT_GRANTED_CODE)

export type LedgerErrorCode =
  /** What was attached to is no ledger's memory, or that of another. */
  | 'ERR_NOT_A_LEDGER'
  | 'ERR_LAYOUT_VERSION'
  /** There are as many accounts as the ledger was created for. */
  | 'ERR_LEDGER_FULL'
  /** The thread holds as many reservations as it may. */
  | 'ERR_TOO_MANY_RESERVATIONS'

export class LedgerError extends Error {
  override readonly name = 'LedgerError'

  constructor(
    readonly code: LedgerErrorCode,
    message: string,
  ) {
    super(message)
  }
}

/** Throws a `ConfigurationError` unless it is an amount: a whole number of micro-units from 0 to 2⁵³ − 1. */
export function checkAmount(field: string, amount: unknown): asserts amount is number {
  if (typeof amount === 'number' && amount >= 0 && Number.isSafeInteger(amount)) return
  throw new ConfigurationError(field, amount, `whole micro-units from 0 to ${Number.MAX_SAFE_INTEGER}`)
}
