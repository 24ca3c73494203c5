import type { CircuitState } from './life/control-word.js'

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

/**
 * The circuit refused the call; it did not run.
 *
 * A refusal must cost almost nothing, and taking a stack costs more than the rest of it many times over. So the object
 * is made without running `Error`: it inherits from `Error.prototype` (`instanceof Error` holds), and its stack is its
 * header line.
 */
export class CallNotPermittedError {
  declare readonly name: 'CallNotPermittedError'
  declare readonly code: 'ERR_CALL_NOT_PERMITTED'

  constructor(
    /** The breaker's name. */
    readonly breaker: string,
    readonly state: CircuitState,
    /**
     * Milliseconds until the circuit will let a probe through. 0 while half-open, where the probes under way decide at
     * any moment; `Infinity` while forced open.
     */
    readonly retryAfterMs: number,
  ) {}

  get message(): string {
    return `circuit "${this.breaker}" is ${this.state}`
  }

  get stack(): string {
    return `${this.name}: ${this.message}`
  }
}
Object.setPrototypeOf(CallNotPermittedError.prototype, Error.prototype)
Object.defineProperties(CallNotPermittedError.prototype, {
  name: { value: 'CallNotPermittedError' },
  code: { value: 'ERR_CALL_NOT_PERMITTED' },
})
