/**
 * Offsets in shared memory, computed once.
 *
 * A cache line here is 128 bytes: 64-byte lines are fetched in adjacent pairs by the hardware's prefetcher, so a hot
 * cell that shares less than 128 bytes with its neighbour is still slowed by it.
 */
export const CELL_BYTES = 4
export const CELLS_PER_LINE = 32

/** The first index at or above `index` that begins a cache line. */
export function alignToLine(index: number): number {
  return Math.ceil(index / CELLS_PER_LINE) * CELLS_PER_LINE
}

/** Hands out cells one field after another and remembers where each begins. */
export class Layout {
  #next: number

  constructor(start = 0) {
    this.#next = start
  }

  /** Reserves `count` adjacent cells; returns the index of the first. */
  cells(count = 1): number {
    const first = this.#next
    this.#next += count
    return first
  }

  /** As `cells`, and the first of them begins a cache line. */
  lineOf(count = 1): number {
    this.#next = alignToLine(this.#next)
    return this.cells(count)
  }

  /** As `cells`, and the first of them can be used by the 64-bit operations. */
  pairs(count = 1): number {
    this.#next += this.#next & 1
    return this.cells(count * 2)
  }

  /** How many cells were handed out, rounded up to whole lines. */
  get size(): number {
    return alignToLine(this.#next)
  }
}
