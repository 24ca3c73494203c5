import { setTimeout as sleep } from 'node:timers/promises'
import { type ExhaustionCase, nobody, type Operation, type Place } from '../../exhaustion-case.js'
import { monotonicClock } from '../../world/clock.js'
import { UsualWork } from '../usual-work.js'

/** How long one call computes without a turn, in timeouts of a call. */
const TIMEOUTS_BLOCKED = 3
/** Calls that were in flight then get this long to see what came of it, before the next one blocks. */
const BREATH_MS = 20

/** One call after another computes for long in one turn of the loop; the timers of all others are late by as much. */
class Blocking implements Operation {
  readonly #work: UsualWork
  readonly #place: Place
  #unblockedMs = 0
  /** As a field, so that no compiler takes the computing away. */
  rounds = 0

  constructor(place: Place) {
    this.#work = new UsualWork(place.folder)
    this.#place = place
  }

  async run(isExhausted: boolean): Promise<void> {
    const { timeoutMs, sign } = this.#place
    if (isExhausted && monotonicClock.nowMs() - this.#unblockedMs > BREATH_MS)
      this.#compute(TIMEOUTS_BLOCKED * timeoutMs)
    const askedMs = monotonicClock.nowMs()
    await sleep(1)
    if (monotonicClock.nowMs() - askedMs > timeoutMs) sign('late timer')
    await this.#work.run()
  }

  async close(): Promise<void> {}

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
