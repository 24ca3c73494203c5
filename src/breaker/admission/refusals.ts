import type { Clock } from '../../world/clock.js'
import { CallNotPermittedError, type RefusalReason } from '../errors.js'
import { stateName } from '../life/control-word.js'
import type { Tally } from '../tally.js'

/** What this thread was refused last, and the error for it: the same object while nothing of it changes. */
export class Refusals {
  #life = 0
  #reason: RefusalReason = 'circuit'
  #untilMs = 0
  #error: CallNotPermittedError | undefined

  constructor(
    private readonly breaker: string,
    private readonly tally: Tally,
    private readonly clock: Clock,
  ) {}

  /** Counts a refusal in `life`, which holds until then as far as is known. */
  count(life: number, untilMs: number, reason: RefusalReason): void {
    if (life !== this.#life || untilMs !== this.#untilMs || reason !== this.#reason) {
      this.#life = life
      this.#untilMs = untilMs
      this.#reason = reason
      this.#error = undefined
    }
    this.tally.refused(life)
  }

  get error(): CallNotPermittedError {
    this.#error ??= new CallNotPermittedError(
      this.breaker,
      stateName(this.#life),
      this.#reason,
      this.#untilMs,
      this.clock,
    )
    return this.#error
  }
}
