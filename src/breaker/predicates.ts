import { describeThrown } from './errors.js'
import type { ThreadOptions } from './options.js'

/** A thread's own judgement of errors and results. A predicate that throws decides nothing: the default holds. */
export class Predicates {
  readonly #recordError: ((error: unknown) => boolean) | undefined
  readonly #ignoreError: ((error: unknown) => boolean) | undefined
  readonly #recordResult: ((result: unknown) => boolean) | undefined

  constructor(
    private readonly breaker: string,
    options: ThreadOptions,
  ) {
    this.#recordError = options.recordError
    this.#ignoreError = options.ignoreError
    this.#recordResult = options.recordResult
  }

  isFailure(result: unknown): boolean {
    return this.#recordResult !== undefined && this.#judges(this.#recordResult, result, false)
  }

  isIgnored(error: unknown): boolean {
    return this.#ignoreError !== undefined && this.#judges(this.#ignoreError, error, false)
  }

  isRecorded(error: unknown): boolean {
    return this.#recordError === undefined || this.#judges(this.#recordError, error, true)
  }

  #judges(predicate: (subject: unknown) => boolean, subject: unknown, otherwise: boolean): boolean {
    try {
      return predicate(subject)
    } catch (thrown) {
      process.emitWarning(`a predicate of circuit "${this.breaker}" threw: ${describeThrown(thrown)}`, {
        code: 'BUSBAR_PREDICATE_THREW',
      })
      return otherwise
    }
  }
}
