import type { Cells } from '../../../src/memory/cells.js'

const STOP = new Error('no further in this run')

/**
 * Runs several threads' bodies on one memory in any order of their cell operations, in one real thread. Since a body
 * knows only what its operations returned, it is run anew for each step: it is told the results so far, one operation more
 * is let through, and at the next it is stopped. So a body must be a fresh start each time: no state outside it.
 *
 * `choose` is asked which of so many threads goes next. Throws if that is asked more than 100,000 times.
 */
export function interleave(
  cells: Cells,
  bodies: readonly ((cells: Cells) => void)[],
  choose: (threads: number) => number,
): void {
  let running = bodies.map((body) => new Replayed(cells, body))
  for (let step = 0; running.length > 0; step++) {
    if (step > 100_000) throw new Error('the threads do not come to an end')
    const thread = running[choose(running.length)]
    if (thread?.step()) running = running.filter((other) => other !== thread)
  }
}

/** Cells that answer from what was returned before, then let one operation through. */
class Replayed implements Cells {
  readonly length: number
  readonly #results: unknown[] = []
  #next = 0
  #spent = false

  constructor(
    private readonly real: Cells,
    private readonly body: (cells: Cells) => void,
  ) {
    this.length = real.length
  }

  /** Returns true if the body came to its end. */
  step(): boolean {
    this.#next = 0
    this.#spent = false
    try {
      this.body(this)
      return true
    } catch (thrown) {
      if (thrown !== STOP) throw thrown
      return false
    }
  }

  #operation<Result>(perform: () => Result): Result {
    if (this.#next === this.#results.length) {
      if (this.#spent) throw STOP
      this.#spent = true
      this.#results.push(perform())
    }
    return this.#results[this.#next++] as Result
  }

  load = (index: number) => this.#operation(() => this.real.load(index))
  store = (index: number, value: number) => this.#operation(() => this.real.store(index, value))
  add = (index: number, value: number) => this.#operation(() => this.real.add(index, value))
  sub = (index: number, value: number) => this.#operation(() => this.real.sub(index, value))
  exchange = (index: number, value: number) => this.#operation(() => this.real.exchange(index, value))
  wait = (index: number, value: number, timeoutMs: number) =>
    this.#operation(() => this.real.wait(index, value, timeoutMs))
  notify = (index: number, count: number) => this.#operation(() => this.real.notify(index, count))
  compareExchange = (index: number, expected: number, replacement: number) =>
    this.#operation(() => this.real.compareExchange(index, expected, replacement))
  load64 = (index: number) => this.#operation(() => this.real.load64(index))
  store64 = (index: number, value: bigint) => this.#operation(() => this.real.store64(index, value))
  add64 = (index: number, value: bigint) => this.#operation(() => this.real.add64(index, value))
  compareExchange64 = (index: number, expected: bigint, replacement: bigint) =>
    this.#operation(() => this.real.compareExchange64(index, expected, replacement))
}
