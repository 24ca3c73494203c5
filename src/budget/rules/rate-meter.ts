import type { Cells } from '../../memory/cells.js'

/**
 * What was spent lately, over all threads.
 *
 * Map. Twelve buckets of 64 bits in a ring: in the low 44 bits an amount in micro-units, above them the low 19 bits of the lap that it
 * is of: how often the ring had come round when the bucket began.
 *
 * Protocol. Record: compareExchange of the bucket of this moment to what it holds and the amount; to the amount alone if it is of an
 * earlier lap. Read: the sum of the twelve buckets that end now, of those that are of the right lap.
 *
 * Why safe. A bucket says itself when it is of, in the same word as its amount: none is cleared, so nothing is cleared twice or counted
 * after its time, and a thread that dies has recorded all of its amount or nothing. Breaks if the lap were a word of its own: between
 * the two, the amount of the old lap would count as the new one's, or be wiped with one that was added already.
 *
 * Limits. A bucket holds at most 17,592,186.044415 of the currency, and stays there. A cost that is recorded a window too late, up to
 * eight of them, is dropped. Laps repeat after 524,288 windows, six days for a window of a second: a bucket that was idle for
 * exactly so long shows what was old, and for up to eight windows less takes nothing.
 */
export const METER_BUCKETS = 12
export const METER_AMOUNT_MAX = 2 ** 44 - 1
const AMOUNT_BITS = 44n
const AMOUNT_MASK = (1n << AMOUNT_BITS) - 1n
const LAPS = 2 ** 19
/** A bucket so many laps ahead was begun by threads that went on while this one slept; of any more, it is one long gone. */
const LATE_LAPS = 8

export class RateMeter {
  constructor(
    private readonly cells: Cells,
    private readonly first: number,
    private readonly windowMs: number,
  ) {}

  /** `amount`: micro-units, whole, not negative. */
  record(amount: number, nowMs: number): void {
    const index = this.#indexAt(nowMs)
    const bucket = this.#bucket(index)
    const lap = lapOf(index)
    for (;;) {
      const found = this.cells.load64(bucket)
      const ahead = (Number(found >> AMOUNT_BITS) - lap + LAPS) % LAPS
      if (found !== 0n && ahead > 0 && ahead <= LATE_LAPS) return
      const total = Math.min((ahead === 0 ? Number(found & AMOUNT_MASK) : 0) + amount, METER_AMOUNT_MAX)
      const next = (BigInt(lap) << AMOUNT_BITS) | BigInt(total)
      // Ends: a failed exchange means that another thread's amount was added.
      if (this.cells.compareExchange64(bucket, found, next) === found) return
    }
  }

  /** Micro-units recorded in the window that ends now. Buckets are read one after another: what is recorded meanwhile may be in it or not. */
  sum(nowMs: number): number {
    const newest = this.#indexAt(nowMs)
    let sum = 0
    for (let index = Math.max(0, newest - METER_BUCKETS + 1); index <= newest; index++) {
      const found = this.cells.load64(this.#bucket(index))
      if (Number(found >> AMOUNT_BITS) === lapOf(index)) sum += Number(found & AMOUNT_MASK)
    }
    return sum
  }

  #indexAt(nowMs: number): number {
    return Math.floor((Math.floor(nowMs) * METER_BUCKETS) / this.windowMs)
  }

  #bucket(index: number): number {
    return this.first + 2 * (index % METER_BUCKETS)
  }
}

function lapOf(index: number): number {
  return Math.floor(index / METER_BUCKETS) % LAPS
}
