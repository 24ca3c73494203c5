/** Cells of the lock. */
const LOCK = 0
const Lock = { free: 0, held: 1, waitedFor: 2 } as const

/** Amounts, as floating point: what the original counts in. */
const DAY = 0
const MONTH = 1

/** What another thread needs to join. */
export interface OriginalHandle {
  readonly lock: Int32Array
  readonly spent: Float64Array
}

/**
 * A budget as the suite that Busbar follows has it, in this language: one lock around the whole call; what was spent is looked at
 * first and added to afterwards, and nothing is reserved. Right as long as nobody dies within; and one call at a time.
 *
 * The lock is the usual one over a word (Drepper 2011): a thread sleeps only if another holds it, and whoever lets go wakes one.
 */
export class OriginalBudget {
  readonly #lock: Int32Array
  readonly #spent: Float64Array

  constructor(
    readonly handle: OriginalHandle,
    private readonly limits: readonly [number, number],
  ) {
    this.#lock = handle.lock
    this.#spent = handle.spent
  }

  static create(limits: readonly [number, number]): OriginalBudget {
    const lock = new Int32Array(new SharedArrayBuffer(128))
    return new OriginalBudget({ lock, spent: new Float64Array(new SharedArrayBuffer(128)) }, limits)
  }

  /** Whether the call was made: it costs so much. */
  spend(estimate: number, call: () => number): boolean {
    this.#acquire()
    try {
      const [perDay, perMonth] = this.limits
      const isOver = (this.#spent[DAY] ?? 0) + estimate > perDay || (this.#spent[MONTH] ?? 0) + estimate > perMonth
      if (isOver) return false
      const actual = call()
      this.#spent[DAY] = (this.#spent[DAY] ?? 0) + actual
      this.#spent[MONTH] = (this.#spent[MONTH] ?? 0) + actual
      return true
    } finally {
      this.#release()
    }
  }

  #acquire(): void {
    if (Atomics.compareExchange(this.#lock, LOCK, Lock.free, Lock.held) === Lock.free) return
    while (Atomics.exchange(this.#lock, LOCK, Lock.waitedFor) !== Lock.free) {
      Atomics.wait(this.#lock, LOCK, Lock.waitedFor)
    }
  }

  #release(): void {
    if (Atomics.exchange(this.#lock, LOCK, Lock.free) === Lock.waitedFor) Atomics.notify(this.#lock, LOCK, 1)
  }
}
