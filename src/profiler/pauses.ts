import { doubles } from '../memory/columns.js'
import { type Clock, monotonicClock } from '../world/clock.js'

const PAUSES_KEPT = 1024

/**
 * When this thread stood still because it was being looked at: forced collections, heap snapshots. What fell into a call
 * is taken out of its latency, for the breaker did not cause it.
 *
 * One object a thread; times are milliseconds of the process's monotonic clock. Calls ask all the time and pauses are
 * rare, so the question costs one comparison where no pause came after the call began.
 *
 * The room for them is there from the start: a soak watches this very heap, and would see them come.
 *
 * Limit: the last 1,024 pauses are remembered one by one; a call that began before the oldest of them is told too little.
 */
export class Pauses {
  readonly #clock: Clock
  /** Rings: pause `n` is at `n % PAUSES_KEPT`. */
  readonly #fromMs = doubles(PAUSES_KEPT)
  readonly #toMs = doubles(PAUSES_KEPT)
  #count = 0
  #totalMs = 0
  #lastEndMs = Number.NEGATIVE_INFINITY

  constructor(clock: Clock = monotonicClock) {
    this.#clock = clock
  }

  /** All pauses so far, together. */
  get totalMs(): number {
    return this.#totalMs
  }

  /** Does what stops the thread; its time counts as a pause even if it throws. */
  measure<T>(act: () => T): { readonly value: T; readonly pauseMs: number } {
    const fromMs = this.#clock.nowMs()
    try {
      const value = act()
      return { value, pauseMs: this.#note(fromMs) }
    } catch (error) {
      this.#note(fromMs)
      throw error
    }
  }

  /** How much of the time between the two was pauses. */
  between(fromMs: number, toMs: number): number {
    if (fromMs >= this.#lastEndMs) return 0
    let sumMs = 0
    const oldest = Math.max(0, this.#count - PAUSES_KEPT)
    for (let pause = this.#count - 1; pause >= oldest; pause -= 1) {
      const began = this.#fromMs[pause % PAUSES_KEPT] as number
      const ended = this.#toMs[pause % PAUSES_KEPT] as number
      if (ended <= fromMs) break
      sumMs += Math.max(0, Math.min(toMs, ended) - Math.max(fromMs, began))
    }
    return sumMs
  }

  #note(fromMs: number): number {
    const toMs = this.#clock.nowMs()
    this.#fromMs[this.#count % PAUSES_KEPT] = fromMs
    this.#toMs[this.#count % PAUSES_KEPT] = toMs
    this.#count += 1
    this.#totalMs += toMs - fromMs
    this.#lastEndMs = toMs
    return toMs - fromMs
  }
}
