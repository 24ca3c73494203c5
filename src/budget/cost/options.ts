import type { CallOptions } from '../../breaker/guarded-call.js'
import type { BreakerHandle, BreakerWorld } from '../../breaker/handle.js'
import type { BreakerOptions, ThreadOptions } from '../../breaker/options.js'
import type { Clock } from '../../world/clock.js'
import type { EstimatorOptions, ResolvedEstimator } from '../estimator/estimator-options.js'
import type { PriceTable, Tokens } from '../estimator/prices.js'
import type { BudgetLedger } from '../ledger/budget-ledger.js'
import type { BudgetOptions, LedgerHandle, LedgerOptions } from '../ledger/options.js'
import type { ResolvedRule } from '../rules/resolve-rules.js'
import type { CostRule, RuleOptions } from '../rules/rule.js'
import type { BudgetStateChange } from './budget-state.js'

/** What cost breakers have in common: plain data, the same in every thread, but for a ledger that there is already. */
export interface CostOptions {
  /**
   * The budgets, by account: made anew, or this thread's end of a ledger that there is already, which then stays its maker's to detach.
   * Other threads get an end of their own.
   */
  readonly ledger: LedgerOptions | BudgetLedger
  /** Budgets that every call is charged to as well, whatever account it names. Default: none. */
  readonly commonBudgets?: readonly BudgetOptions[] | undefined
  /** Every operation there is, and what it is taken to cost while nothing is known. */
  readonly estimator: EstimatorOptions
  /** Default: none, so that budgets alone refuse. `defaultRules` are the usual ones. */
  readonly rules?: readonly CostRule[] | undefined
  /** The accounts that a call is charged to if it names none, and that `state` is about. Default `['default']`. */
  readonly accounts?: readonly string[] | undefined
  /** From which share of a blocking budget on the state is budget-limited. Above 0, at most 1. Default 0.95. */
  readonly budgetLimitedFrom?: number | undefined
  /** How many records of the audit can be read back, 16 to 65,536; rounded up to a power of two. Default 4,096. */
  readonly auditCapacity?: number | undefined
  /** Threads that may be attached at one time. From 1 to 256. Default 64, of a manager 16. */
  readonly maxThreads?: number | undefined
}

/** What each thread decides for itself: functions and prices don't cross threads. */
export interface CostThreadOptions extends ThreadOptions, RuleOptions {
  readonly prices?: PriceTable | undefined
  /** What a call has cost, in whole micro-units, by its result; undefined: as estimated. */
  readonly costOf?: ((result: unknown, request: CostRequest) => number | undefined) | undefined
  /** What a call that failed has cost all the same, in whole micro-units. Default, and where it gives undefined: nothing. */
  readonly costOfError?: ((error: unknown, request: CostRequest) => number | undefined) | undefined
  /**
   * How long an `execute` of this thread waits, in milliseconds, from 0 to 2,147,483,647, where budgets have room that a durable ledger has not granted
   * yet. Default 1,000.
   */
  readonly grantLimitMs?: number | undefined
  /** Told when a call of this thread finds `state` other than the one before did. */
  readonly onStateChange?: ((change: BudgetStateChange) => void) | undefined
}

export interface CostBreakerOptions extends CostOptions {
  readonly name: string
  /** What the circuit decides by. */
  readonly circuit?: Omit<BreakerOptions, 'name' | 'maxThreads'> | undefined
}

/** A call that is to be made. */
export interface CostRequest {
  /** One of the estimator's. */
  readonly operation: string
  /** For rules. */
  readonly category?: string | undefined
  /** What it will cost, in whole micro-units, if that is known; else it is estimated. */
  readonly cost?: number | undefined
  /** For an estimate by prices. */
  readonly model?: string | undefined
  readonly tokens?: Tokens | undefined
  /** The account that it is charged to, or several. Default: the breaker's. */
  readonly account?: string | undefined
  readonly accounts?: readonly string[] | undefined
  /** It goes in spite of rules that have an emergency override. Never in spite of a budget. */
  readonly emergency?: boolean | undefined
}

export interface CostExecuteOptions<Fallback = never> extends CostRequest, CallOptions<Fallback> {}

/** What an action is given. */
export interface CostContext {
  /** Aborted at the timeout, and with the caller's own. */
  readonly signal: AbortSignal
  /** Micro-units that are reserved. */
  readonly estimate: number
  /** Says what the call has cost, in whole micro-units, at most once; it counts also if the action fails afterwards. */
  settle(actual: number): void
}

export type CostAction<Result> = (context: CostContext) => PromiseLike<Result> | Result

export interface ResolvedCosts {
  readonly slots: number
  /** How many breakers there may be. */
  readonly breakers: number
  readonly rules: readonly ResolvedRule[]
  readonly estimator: ResolvedEstimator
  readonly accounts: readonly string[]
  readonly budgetLimitedFrom: number
  readonly auditCapacity: number
}

/** What cost breakers have in common, as another thread needs it. */
export interface CostControlHandle {
  readonly buffer: SharedArrayBuffer
  readonly settings: ResolvedCosts
  readonly ledger: LedgerHandle
  readonly common: LedgerHandle | undefined
}

/** What another thread needs to attach. Structured-cloneable; its memory is shared, not copied. */
export interface CostHandle {
  readonly control: CostControlHandle
  readonly circuit: BreakerHandle
  /** Which of the breakers it is. */
  readonly index: number
}

/** Where time and chance come from; for tests. */
export interface CostWorld extends BreakerWorld {
  /** Wall time in milliseconds since 1970: budgets, rules and audit follow it. `clock` is the circuit's. */
  readonly wallClock?: Clock
}
