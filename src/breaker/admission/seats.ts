import type { Cells } from '../../memory/cells.js'
import type { MemoryMap } from '../storage/memory-map.js'

/** A call without a seat, where there is no limit. */
export const NO_SEAT = -1
/** All seats are taken. */
export const NO_SEAT_FREE = -2

/**
 * The limit of calls under way at once, over all threads: a seat for each.
 *
 * Map. A seat is one cell: 0 = free, or slot + 1 of the thread whose call sits there.
 *
 * Protocol. Take: compareExchange of a free seat to one's own number. Give back: compareExchange of one's own number to 0.
 * When a thread ends or detaches, whoever frees its slot gives back the seats with its number.
 *
 * Why safe. How many calls are under way is how many seats are taken; there is no number beside them that could drift when
 * a thread dies. A seat is given back when the action has ended, not when its caller stopped waiting, so a timeout doesn't
 * let one more in (opossum: capacity 2 reached 20 in flight). Refused is who found each seat taken, one after another:
 * calls may have ended behind its back, as with every limit that is looked at from outside.
 *
 * After the limit was lowered, calls may sit beyond it: then whoever has taken a seat counts them all, and gives it back if
 * they are too many. Of two who do so at once, the later one finds the earlier, so never both stay; they may both go.
 *
 * Breaks if the seat is given back at the timeout, or counted in a number beside it.
 *
 * Limits. A permission that is never reported keeps its seat until its thread detaches or ends. A search looks at each seat
 * from where the last one was found: a refusal costs one load a seat.
 */
export class Seats {
  #hint = 0

  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly slot: number,
  ) {}

  /** The index of a seat that is the caller's now, or `NO_SEAT_FREE`. */
  take(limit: number): number {
    const own = this.slot + 1
    let index = this.#hint < limit ? this.#hint : 0
    for (let tried = 0; tried < limit; tried++) {
      const seat = this.map.seat(index)
      if (this.cells.load(seat) === 0 && this.cells.compareExchange(seat, 0, own) === 0) {
        this.#hint = index + 1
        if (!this.#isTooMany(limit)) return index
        this.giveBack(index)
        return NO_SEAT_FREE
      }
      index = index + 1 < limit ? index + 1 : 0
    }
    return NO_SEAT_FREE
  }

  giveBack(index: number): void {
    if (index < 0) return
    this.cells.compareExchange(this.map.seat(index), this.slot + 1, 0)
    this.#hint = index
  }

  /** Frees the seats of a slot whose thread has ended or detaches. */
  reclaimOf(slot: number): void {
    for (let index = 0; index < this.map.sizes.seats; index++) {
      this.cells.compareExchange(this.map.seat(index), slot + 1, 0)
    }
  }

  /** How many are taken. */
  get taken(): number {
    return this.#takenFrom(0)
  }

  /** Whether, after one was taken, calls that began under a higher limit still sit beyond this one, and all are too many. */
  #isTooMany(limit: number): boolean {
    return this.#takenFrom(limit) > 0 && this.taken > limit
  }

  #takenFrom(first: number): number {
    let taken = 0
    for (let index = first; index < this.map.sizes.seats; index++) {
      if (this.cells.load(this.map.seat(index)) !== 0) taken += 1
    }
    return taken
  }
}
