import type { Circuit } from './circuit.js'
import { isRefusal } from './errors.js'
import type { Predicates } from './predicates.js'

/** How this thread's calls ended, as its predicates judge it. Each returns false if the result is stale. */
export class Reports {
  constructor(
    private readonly circuit: Circuit,
    private readonly predicates: Predicates,
  ) {}

  success(permission: number, result: unknown): boolean {
    return this.predicates.isFailure(result) ? this.circuit.fail(permission) : this.circuit.succeed(permission)
  }

  error(permission: number, error: unknown): boolean {
    if (isRefusal(error) || this.predicates.isIgnored(error)) return this.circuit.release(permission)
    return this.predicates.isRecorded(error) ? this.circuit.fail(permission, error) : this.circuit.succeed(permission)
  }

  ignore(permission: number): boolean {
    return this.circuit.release(permission)
  }
}
