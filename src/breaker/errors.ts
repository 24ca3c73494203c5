import type { Clock } from '../world/clock.js'
import type { CircuitState } from './life/control-word.js'
import { nameRefusal, RefusalError } from './refusal-error.js'

/** A setting is not allowed. The message names the field, the value and what is allowed. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  readonly code = 'ERR_CONFIGURATION'

  constructor(
    readonly field: string,
    readonly value: unknown,
    readonly allowed: string,
  ) {
    super(`${field} is ${describe(value)}; allowed: ${allowed}`)
  }
}

/** A handle can't be attached to: not a breaker's memory, cut short, of another layout, or with no room for one more thread. */
export class AttachError extends Error {
  override readonly name = 'AttachError'

  constructor(
    readonly code: 'ERR_NOT_A_BREAKER' | 'ERR_LAYOUT_VERSION' | 'ERR_TRUNCATED' | 'ERR_TOO_MANY_THREADS',
    message: string,
  ) {
    super(message)
  }
}

/** This thread's end of the breaker was used after `detach`. */
export class DetachedError extends Error {
  override readonly name = 'DetachedError'
  readonly code = 'ERR_DETACHED'

  constructor(breaker: string) {
    super(`breaker "${breaker}" is detached from this thread`)
  }
}

/** What was thrown, as text, whatever it is: even what can't be turned into text. */
export function describeThrown(thrown: unknown): string {
  try {
    return String(thrown)
  } catch {
    return 'a value that has no text'
  }
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'function') return 'a function'
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** An `execute` took longer than its timeout. The action's signal is aborted; the action itself may still run. */
export class CallTimeoutError extends Error {
  override readonly name = 'CallTimeoutError'
  readonly code = 'ERR_CALL_TIMEOUT'

  constructor(
    readonly breaker: string,
    readonly timeoutMs: number,
  ) {
    super(`a call through breaker "${breaker}" took longer than ${timeoutMs} ms`)
  }
}

/** What a call was refused by. */
export type RefusalReason =
  /** The circuit's state. */
  | 'circuit'
  /** The share of a circuit that ramps up was used up. */
  | 'ramp-up'
  /** As many calls are under way as there may be. */
  | 'limit'
  /** The circuit is closed, but this thread is cut off from it. */
  | 'thread-cut-off'

const REFUSED_CODE = 'ERR_CALL_NOT_PERMITTED'

/** Whether a breaker threw this, of whatever copy of the library: the call of an inner breaker that was not run. */
export function isRefusal(error: unknown): boolean {
  return typeof error === 'object' && error !== null && (error as { code?: unknown }).code === REFUSED_CODE
}

/**
 * The circuit refused the call; it did not run. Refusals of one thread for one reason in one life are one and the same object, without a
 * stack (`RefusalError`).
 */
export class CallNotPermittedError extends RefusalError {
  declare readonly name: 'CallNotPermittedError'
  declare readonly code: typeof REFUSED_CODE
  readonly #retryAtMs: number
  readonly #clock: Clock

  constructor(
    /** The breaker's name. */
    readonly breaker: string,
    readonly state: CircuitState,
    readonly reason: RefusalReason,
    retryAtMs: number,
    clock: Clock,
  ) {
    super()
    this.#retryAtMs = retryAtMs
    this.#clock = clock
  }

  /**
   * Milliseconds from now until a call may be let through again. 0 while half-open or at the limit, where the calls under
   * way decide at any moment; `Infinity` while forced open.
   */
  get retryAfterMs(): number {
    return Math.max(0, this.#retryAtMs - this.#clock.nowMs())
  }

  get message(): string {
    const where = `circuit "${this.breaker}" is ${this.state}`
    return this.reason === 'circuit' ? where : `${where}, and refuses: ${this.reason}`
  }

  toJSON() {
    const { name, code, message, breaker, state, reason, retryAfterMs } = this
    return { name, code, message, breaker, state, reason, retryAfterMs }
  }
}
nameRefusal(CallNotPermittedError, 'CallNotPermittedError', REFUSED_CODE)
