import type { PeriodOptions } from '../period/period.js'

/** What a rule looks at, and from where on it fires. Amounts are whole micro-units: 1,000,000 are 1.00 of the currency. */
export type Threshold =
  /** Fires when `amount` or more is committed of a budget per day, or per month. */
  | { readonly type: 'absolute-daily' | 'absolute-monthly'; readonly amount: number }
  /** Fires when so many percent or more of its limit are committed of a budget per day, or per month. In steps of 0.001, up to 1,000. */
  | { readonly type: 'percentage-daily' | 'percentage-monthly'; readonly percent: number }
  /**
   * Fires when what was recorded in the last `windowMs` milliseconds makes more than `amountPerHour`. From 1,000 to 2,147,483,647;
   * default an hour. A window is known to a twelfth of itself: it covers eleven twelfths to all of it.
   */
  | { readonly type: 'rate'; readonly amountPerHour: number; readonly windowMs?: number | undefined }
  /** Fires for a call that is estimated at `amount` or more. */
  | { readonly type: 'single-operation'; readonly amount: number }

export type ThresholdType = Threshold['type']

/** How a throttle slows calls down; over all threads, and without holding any of them up. */
export type Throttle =
  /** The share `factor` of the calls goes, the others are refused: the first, and then each that makes the share whole. */
  | { readonly kind: 'token-bucket'; readonly factor: number }
  /**
   * Calls go one after another, `intervalMs ÷ factor` apart: each is told after how long, and one that would have to wait for longer than
   * `maxDelayMs` is refused. Defaults: 100 and 10,000 milliseconds.
   */
  | {
      readonly kind: 'delay'
      readonly factor: number
      readonly intervalMs?: number | undefined
      readonly maxDelayMs?: number | undefined
    }

/** What is done about cost. Plain data: every thread of a process is given the same. */
export interface CostRule {
  /** Unique among the rules. */
  readonly id: string
  readonly threshold: Threshold
  readonly action: 'block' | 'throttle' | 'alert'
  /** Only, and always, with the action `throttle`. */
  readonly throttle?: Throttle | undefined
  /** A rule of higher priority is asked first, and named if it refuses. A whole number from −1,000 to 1,000; default 0. */
  readonly priority?: number | undefined
  /** `alert`: the least time between two alerts, over all threads. Otherwise: for how long it stays at least, once it has fired. Default 0. */
  readonly cooldownMs?: number | undefined
  /** Default: to every call. With both, a call must be of one of the operations and of one of the categories. */
  readonly appliesTo?:
    | { readonly operations?: readonly string[] | undefined; readonly categories?: readonly string[] | undefined }
    | undefined
  /** Whether a call that says that it is an emergency is let through all the same. Default false. */
  readonly emergencyOverride?: boolean | undefined
  /** Having fired, it stays until use is below this, in the threshold's unit and at most as high. Default: the threshold. Not for alerts and single operations. */
  readonly recoveryThreshold?: number | undefined
  /** For so long must every call that it applies to find use below that. Default 0. Not for alerts and single operations. */
  readonly recoveryWindowMs?: number | undefined
}

/** A call that wants to be made. */
export interface CostCall {
  readonly operation: string
  readonly category?: string | undefined
  /** What it will cost, in micro-units. */
  readonly estimate: number
  /** It is to go in spite of rules that have an emergency override. */
  readonly emergency?: boolean | undefined
}

/** How a budget stands, in micro-units. */
export interface BudgetFigures {
  readonly name: string
  readonly per: PeriodOptions['per']
  /** `Infinity` if it has none. */
  readonly limit: number
  /** Reserved and spent. */
  readonly committed: number
  readonly spent: number
}

export interface CostAlert {
  readonly rule: string
  readonly threshold: Threshold
  readonly call: CostCall
  readonly atMs: number
}

/** A function of the user's threw while a rule was asked. */
export interface RuleFault {
  readonly rule: string
  readonly error: unknown
}

export interface CostDecision {
  /** `throttle` with `delayMs`: it goes after so long. Without: it is not among those that go now. */
  readonly action: 'allow' | 'throttle' | 'block'
  readonly delayMs?: number
  /** The rule that refused the call, slowed it down, or let it through as one of its share. */
  readonly rule?: string
  readonly alerts: readonly CostAlert[]
  /** Rules that were in force and that the emergency overrode. */
  readonly overridden: readonly string[]
  /** What failed; whether the call goes all the same is as `onRuleError` says. */
  readonly faults: readonly RuleFault[]
}

/** What each thread decides for itself: functions don't cross threads. */
export interface RuleOptions {
  /** Whether a call is refused or goes when a predicate or a listener throws. There is no default: whoever guards money has to choose. */
  readonly onRuleError: 'refuse' | 'allow'
  /** By a rule's id: whether that rule is to look at a call at all. */
  readonly predicates?: Readonly<Record<string, (call: CostCall, budgets: readonly BudgetFigures[]) => boolean>>
  /** Told of each alert, within the call. */
  readonly onAlert?: (alert: CostAlert) => void
}
