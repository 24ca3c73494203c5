import { isRefusal } from '../../breaker/errors.js'
import { nameRefusal, RefusalError } from '../../breaker/refusal-error.js'

const REFUSED_CODE = 'ERR_COST_REFUSED'
/** The last is that of a ledger whose room is granted step by step. */
const codesOfRefusals: readonly unknown[] = [REFUSED_CODE, 'ERR_BUDGET_EXCEEDED', 'ERR_BUDGET_NOT_GRANTED']

/**
 * A rule refused the call: it did not run, and nothing was reserved. It has no stack (`RefusalError`).
 */
export class CostRefusedError extends RefusalError {
  declare readonly name: 'CostRefusedError'
  declare readonly code: typeof REFUSED_CODE

  constructor(
    /** The rule's id. */
    readonly rule: string,
    /** What the rule does: `throttle`, if the call is not among those that go now. */
    readonly action: 'block' | 'throttle',
    readonly operation: string,
    /** Micro-units. */
    readonly estimate: number,
    /** After how many milliseconds a call may be let through, as far as that was known when this one was refused. */
    readonly retryAfterMs: number | undefined,
    /** What a function of the user's threw while the rule was asked, if that is why. */
    readonly cause: unknown = undefined,
  ) {
    super()
  }

  get message(): string {
    const why = this.cause === undefined ? '' : ', as a function that it asks threw'
    return `rule "${this.rule}" refuses operation "${this.operation}" (${this.action})${why}`
  }

  toJSON() {
    const { name, code, message, rule, action, operation, estimate, retryAfterMs } = this
    return { name, code, message, rule, action, operation, estimate, retryAfterMs }
  }
}
nameRefusal(CostRefusedError, 'CostRefusedError', REFUSED_CODE)

/** A reservation was settled or released a second time. Nothing was charged for that. */
export class ReservationEndedError extends Error {
  override readonly name = 'ReservationEndedError'
  readonly code = 'ERR_RESERVATION_ENDED'

  constructor(operation: string) {
    super(`the reservation of operation "${operation}" has been settled or released already`)
  }
}

/** Whether a rule or a budget threw this, of whatever copy of the library. */
export function isCostRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && codesOfRefusals.includes((error as { code?: unknown }).code)
}

/** The same of a circuit as well. */
export function isAnyRefusal(error: unknown): boolean {
  return isCostRefusal(error) || isRefusal(error)
}
