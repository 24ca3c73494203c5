import type { BudgetAccount } from '../ledger/budget-account.js'

/** What a call waits for before it is tried again: a time of a throttle's, or room that a durable ledger has still to grant. */
export type Wait =
  | { readonly delayMs: number }
  | {
      readonly account: BudgetAccount
      /** Its count of grants before it refused, so that none is missed. */
      readonly granted: number
    }

/**
 * Carries what kept an action from being started through the circuit, which is to count it as nothing: a refusal for cost, or a mistake of
 * the caller's. With `wait`: it may be tried again after that.
 */
export class NotStarted {
  constructor(
    readonly why: unknown,
    readonly wait?: Wait,
  ) {}
}

/** What a call that can't start yet may do. */
export interface Patience {
  /** The rules have let it go, or it has waited as they said: they are not asked again. */
  readonly isAsked: boolean
  /** Whether it may be told to wait, and else is refused. */
  readonly mayWait: boolean
}
