import { AtomicCells } from '../memory/atomic-cells.js'

/** One of two threads that measure in turns; survives structured clone. */
export interface BatonSide {
  readonly buffer: SharedArrayBuffer
  readonly side: 0 | 1
}

/** How many turns are over; whoever waits is told by it. */
const OVER = 0
/** Above 0 once a side has ended: the other waits for nobody. */
const LEFT = 1
/** The other side makes the same calls, of which a turn takes milliseconds. */
const SILENCE_LIMIT_MS = 60_000

/**
 * Passed to and fro between two threads so that only the one who holds it measures: A B, B A, A B, B A …, one turn of each a round.
 * What the machine gives changes from second to second by tens of percent; neighbouring turns are milliseconds apart, so it
 * falls on both of them. Threads, not two loops in one: V8 compiles code for all its callers in a thread, and the
 * loop that came first there was a fifth faster than the same one again, at the worst; 5 to 8 % in the median.
 */
export class Baton {
  readonly #cells: AtomicCells
  readonly #side: number
  #round = 0

  constructor({ buffer, side }: BatonSide) {
    this.#cells = new AtomicCells(buffer)
    this.#side = side
  }

  static allocate(): readonly [BatonSide, BatonSide] {
    const { buffer } = AtomicCells.allocate(2)
    return [
      { buffer, side: 0 },
      { buffer, side: 1 },
    ]
  }

  /** Whether this side's turn is the first of the round that it is in. */
  get isFirst(): boolean {
    return this.#round % 2 === this.#side
  }

  /** Waits for this side's turn. False if the other one has ended: what it would be held against is not measured any more. */
  async take(): Promise<boolean> {
    const turn = 2 * this.#round + (this.isFirst ? 0 : 1)
    for (;;) {
      const over = this.#cells.load(OVER)
      if (over === turn) return true
      if (this.#cells.load(LEFT) > 0) return false
      const waited = await this.#cells.waitAsync(OVER, over, SILENCE_LIMIT_MS)
      if (waited === 'timed-out') throw new Error(`the other side has not had its turn within ${SILENCE_LIMIT_MS} ms`)
    }
  }

  pass(): void {
    this.#round += 1
    this.#cells.add(OVER, 1)
    this.#cells.notify(OVER, Number.POSITIVE_INFINITY)
  }

  /** However this side ends; as often as one likes. */
  leave(): void {
    this.#cells.add(LEFT, 1)
    this.#cells.notify(OVER, Number.POSITIVE_INFINITY)
  }
}
