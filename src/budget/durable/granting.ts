import type { BudgetFigures } from '../ledger/kept-account.js'

/** How much of a budget is granted ahead. */
export interface Granting {
  readonly limit: number
  /** What is granted at a time, while nobody has to wait. */
  readonly block: number
}

/** How many blocks are granted at once, at most, where threads had to wait again and again. */
const BLOCKS_MAX = 8
/** A ceiling of more than so many times what is granted at a time above what is committed is too much. */
const AHEAD_MAX = 3
/** How often in a row it must be seen to be too much, as reservations come and go. */
const SEEN_TIMES = 10

/**
 * Decides of one budget of one account what its ceiling should become. A write to the disk takes its time, so how much is granted at a time
 * follows the demand: it doubles when threads have to wait again and again, and halves when that was too much.
 */
export class Grantor {
  #blocks = 1
  #seen = 0
  /** Whether a thread had to wait since the demand was last found to be small. */
  #hasWaited = false

  constructor(private readonly granting: Granting) {}

  /**
   * So that no thread has to wait: some blocks above what is committed, once less than half of that is left, or what was wanted. Undefined if the
   * ceiling may stay. `wanted` is the largest amount that a thread was refused since the last time, or 0.
   */
  raised({ committed, ceiling }: BudgetFigures, wanted: number): number | undefined {
    const { limit } = this.granting
    const isWanted = wanted > 0 && committed + wanted > ceiling
    if (isWanted && this.#hasWaited) this.#blocks = Math.min(BLOCKS_MAX, this.#blocks * 2)
    this.#hasWaited ||= isWanted
    const ahead = Math.max(this.#ahead, wanted)
    // More than the limit is committed where that was lowered between two processes.
    if (committed > limit || !(isWanted || committed > ceiling - this.#ahead / 2)) return undefined
    const target = Math.min(limit, committed + ahead)
    return target > ceiling ? target : undefined
  }

  /** What a crash should not lose, as reservations were released or a window has moved on. Undefined if the ceiling may stay. */
  lowered({ committed, ceiling }: BudgetFigures): number | undefined {
    const isTooMuch = ceiling > committed + AHEAD_MAX * this.granting.block
    this.#seen = isTooMuch ? this.#seen + 1 : 0
    if (this.#seen < SEEN_TIMES) return undefined
    this.#seen = 0
    this.#hasWaited = false
    this.#blocks = Math.max(1, this.#blocks / 2)
    return ceiling > committed + AHEAD_MAX * this.#ahead ? committed + this.#ahead : undefined
  }

  get #ahead(): number {
    return this.granting.block * this.#blocks
  }
}
