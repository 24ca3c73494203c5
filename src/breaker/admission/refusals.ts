import type { Clock } from '../../world/clock.js'
import { CallNotPermittedError, type RefusalReason } from '../errors.js'
import { State, stateName } from '../life/control-word.js'
import { Counter, type Counters } from '../threads/counters.js'

/** What this thread was refused last, and the error for it: the same object while nothing of it changes. */
export class Refusals {
  #state: number = State.open
  #reason: RefusalReason = 'circuit'
  #untilMs = 0
  #error: CallNotPermittedError | undefined

  constructor(
    private readonly breaker: string,
    private readonly counters: Counters,
    private readonly clock: Clock,
  ) {}

  /** Counts a refusal in `state`, which holds until then as far as is known. */
  count(state: number, untilMs: number, reason: RefusalReason): void {
    if (state !== this.#state || untilMs !== this.#untilMs || reason !== this.#reason) {
      this.#state = state
      this.#untilMs = untilMs
      this.#reason = reason
      this.#error = undefined
    }
    this.counters.add(Counter.refused)
  }

  get error(): CallNotPermittedError {
    this.#error ??= new CallNotPermittedError(
      this.breaker,
      stateName(this.#state),
      this.#reason,
      this.#untilMs,
      this.clock,
    )
    return this.#error
  }
}
