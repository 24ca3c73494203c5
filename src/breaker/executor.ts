import { REFUSED } from './admission/admission.js'
import type { Circuit } from './circuit.js'
import { type Action, type CallOptions, checkTimeout, runGuarded } from './guarded-call.js'
import type { Reports } from './reports.js'

const settled = Promise.resolve()

/** Runs asynchronous actions under a permission, and reports how they ended. */
export class Executor {
  /** The action that came last of those that take no signal: to ask a function for its `length` costs as much as a promise. */
  #plain: unknown
  /** What follows a call of the permission that came last: calls of a closed life have the same. */
  #permission = REFUSED
  #succeeded: (result: unknown) => unknown = () => undefined
  #failed: (error: unknown) => never = rethrow

  constructor(
    private readonly circuit: Circuit,
    private readonly reports: Reports,
  ) {}

  execute<T, F>(action: Action<T>, options: CallOptions<F> | undefined): Promise<T | F> {
    try {
      if (options !== undefined) return this.#executeWith(action, options)
      const permission = this.circuit.tryAcquire()
      if (permission === REFUSED) return reject(this.circuit.refusals.error)
      const { timeoutMs } = this.circuit.lifecycle.configuration
      if (timeoutMs === undefined && (action === this.#plain || this.#isPlain(action))) {
        return this.#run(permission, action as () => PromiseLike<T> | T)
      }
      return runGuarded(this.circuit, this.reports, permission, action, timeoutMs, undefined)
    } catch (error) {
      return Promise.reject(error)
    }
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
    if (this.#permission !== permission) this.#follow(permission)
    // By far the most actions return a promise of this realm.
    const promise = pending instanceof Promise ? pending : Promise.resolve(pending)
    return promise.then(this.#succeeded as (result: T) => T, this.#failed)
  }

  #follow(permission: number): void {
    this.#permission = permission
    this.#succeeded = (result) => {
      this.reports.success(permission, result)
      return result
    }
    this.#failed = (error) => {
      this.reports.error(permission, error)
      throw error
    }
  }

  #isPlain(action: (...args: never[]) => unknown): boolean {
    if (action.length > 0) return false
    this.#plain = action
    return true
  }
}

function rethrow(error: unknown): never {
  throw error
}

/**
 * A promise that rejects in a moment. One that is rejected when it is made costs Node several times as much, as nobody
 * can have asked for its result yet; and to throw costs as much as all the rest. A refusal that nobody asks for is still
 * reported as unhandled.
 */
function reject(error: unknown): Promise<never> {
  return new Promise((_, reject) => {
    settled.then(() => reject(error))
  })
}
