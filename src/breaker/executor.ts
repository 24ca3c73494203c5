import { REFUSED } from './admission/admission.js'
import type { Circuit } from './circuit.js'
import { type Action, type CallOptions, checkTimeout, runGuarded } from './guarded-call.js'
import type { Reports } from './reports.js'

const settled = Promise.resolve()

/** What follows a call's end. */
interface Ending {
  readonly permission: number
  readonly succeeded: <Result>(result: Result) => Result
  readonly failed: (error: unknown) => never
}

/** Runs actions under a permission, and reports how they ended. */
export class Executor {
  /** Of the permission that came last: calls of a closed life have the same. */
  #ending: Ending

  constructor(
    private readonly circuit: Circuit,
    private readonly reports: Reports,
  ) {
    this.#ending = this.#endingOf(REFUSED)
  }

  execute<T, F>(action: Action<T>, options: CallOptions<F> | undefined): Promise<T | F> {
    try {
      if (options !== undefined) return this.#executeWith(action, options)
      const permission = this.circuit.tryAcquire()
      if (permission === REFUSED) return reject(this.circuit.refusals.error)
      const { timeoutMs } = this.circuit.lifecycle.configuration
      if (timeoutMs === undefined && action.length === 0) return this.#run(permission, action as () => T)
      return runGuarded(this.circuit, this.reports, permission, action, timeoutMs, undefined)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  executeSync<T, F>(action: () => T, fallback: ((refusal: Error) => F) | undefined): T | F {
    const permission = this.circuit.tryAcquire()
    if (permission === REFUSED) {
      const refusal = this.circuit.refusals.error
      if (fallback) return fallback(refusal)
      throw refusal
    }
    let result: T
    try {
      result = action()
    } catch (error) {
      this.reports.error(permission, error)
      throw error
    }
    this.reports.success(permission, result)
    return result
  }

  #executeWith<T, F>(action: Action<T>, { fallback, timeoutMs, signal }: CallOptions<F>): Promise<T | F> {
    checkTimeout(timeoutMs)
    signal?.throwIfAborted()
    const permission = this.circuit.tryAcquire()
    if (permission !== REFUSED) {
      const limitMs = timeoutMs ?? this.circuit.lifecycle.configuration.timeoutMs
      return runGuarded(this.circuit, this.reports, permission, action, limitMs, signal)
    }
    const refusal = this.circuit.refusals.error
    return fallback ? new Promise<F>((resolve) => resolve(fallback(refusal))) : reject(refusal)
  }

  /** No `async` function: its promise, its frame and its closures would cost as much as the rest of the call. */
  #run<T>(permission: number, action: () => PromiseLike<T> | T): Promise<T> {
    let pending: PromiseLike<T> | T
    try {
      pending = action()
    } catch (error) {
      this.reports.error(permission, error)
      return Promise.reject(error)
    }
    if (this.#ending.permission !== permission) this.#ending = this.#endingOf(permission)
    const { succeeded, failed } = this.#ending
    return Promise.resolve(pending).then<T, never>(succeeded, failed)
  }

  #endingOf(permission: number): Ending {
    return {
      permission,
      succeeded: (result) => {
        this.reports.success(permission, result)
        return result
      },
      failed: (error) => {
        this.reports.error(permission, error)
        throw error
      },
    }
  }
}

/**
 * A promise that rejects in a moment. One that is rejected when it is made costs Node several times as much, as nobody
 * can have asked for its result yet; a refusal that nobody asks for is still reported as unhandled.
 */
function reject(error: unknown): Promise<never> {
  return settled.then(() => {
    throw error
  })
}
