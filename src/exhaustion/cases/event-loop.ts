import { type ExhaustionCase, nobody, type Operation, type Place } from '../../exhaustion-case.js'
import { monotonicClock } from '../../world/clock.js'
import { UsualWork } from '../usual-work.js'

/** How long one call computes without a turn, in timeouts of a call: all that are in flight with it time out. */
const TIMEOUTS_BLOCKED = 1.25
/** Calls that were in flight then get this long to see what came of it, before the next one blocks. */
const BREATH_MS = 20
const TICK_EVERY_MS = 10

/** One call after another computes for long in one turn of the loop; the timers of all others are late by as much. */
class Blocking implements Operation {
  readonly #work: UsualWork
  readonly #place: Place
  readonly #ticking: NodeJS.Timeout
  #tickedMs = monotonicClock.nowMs()
  #unblockedMs = 0
  /** As a field, so that no compiler takes the computing away. */
  rounds = 0

  constructor(place: Place) {
    this.#work = new UsualWork(place.folder)
    this.#place = place
    this.#ticking = setInterval(() => this.#tick(), TICK_EVERY_MS)
  }

  async run(isExhausted: boolean): Promise<void> {
    const isDue = monotonicClock.nowMs() - this.#unblockedMs > BREATH_MS
    if (isExhausted && isDue) this.#compute(TIMEOUTS_BLOCKED * this.#place.timeoutMs)
    await this.#work.run()
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking)
  }

  /** A timer that comes later than a call may take has waited for the loop. */
  #tick(): void {
    const nowMs = monotonicClock.nowMs()
    if (nowMs - this.#tickedMs > this.#place.timeoutMs) this.#place.sign('late timer')
    this.#tickedMs = nowMs
  }

  #compute(durationMs: number): void {
    const untilMs = monotonicClock.nowMs() + durationMs
    while (monotonicClock.nowMs() < untilMs) this.rounds += 1
    this.#unblockedMs = monotonicClock.nowMs()
  }
}

const eventLoop: ExhaustionCase = {
  missing: () => undefined,
  open: async () => nobody,
  operation: (place) => new Blocking(place),
}

export default eventLoop
