import type { Cells } from '../../memory/cells.js'
import { type Clock, monotonicClock } from '../../world/clock.js'

const SPINS = 2_000
const NAP_MS = 1
const LIMIT_MS = 10_000

/**
 * Where threads meet before each iteration, so that they begin it together.
 *
 * Map. One cell: how many arrivals there were, over all iterations.
 *
 * Protocol. Arrive: add 1; go on when all threads have arrived as often as this one.
 *
 * Why safe. The count only grows, and nobody can arrive at an iteration before all have arrived at the one before.
 *
 * Limits. It waits ten seconds for a thread, then throws: one that died never comes.
 */
export class Rendezvous {
  #iterations = 0

  constructor(
    private readonly cells: Cells,
    private readonly threads: number,
    private readonly clock: Clock = monotonicClock,
  ) {}

  arrive(): void {
    const { cells } = this
    this.#iterations += 1
    const wanted = this.threads * this.#iterations
    if (cells.add(0, 1) + 1 === wanted) {
      cells.notify(0, Number.POSITIVE_INFINITY)
      return
    }
    for (let spin = 0; spin < SPINS; spin++) if (cells.load(0) >= wanted) return
    const untilMs = this.clock.nowMs() + LIMIT_MS
    for (;;) {
      const arrived = cells.load(0)
      if (arrived >= wanted) return
      if (this.clock.nowMs() > untilMs) throw new Error(`a thread did not come to iteration ${this.#iterations}`)
      cells.wait(0, arrived, NAP_MS)
    }
  }
}
