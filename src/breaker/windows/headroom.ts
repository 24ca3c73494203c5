import type { Cells } from '../../memory/cells.js'
import type { MemoryMap } from '../storage/memory-map.js'
import type { WindowMeasure, WindowSetting } from '../window.js'
import type { Thresholds } from './thresholds.js'
import { Entry, numberOf } from './time-entry.js'

/**
 * What the sum of a time window leaves room for, so that not every thread need sum what all threads have, at each of its failures.
 *
 * Map. Two cells on a line: the judge, a slot and one; the strikes, how many failures and slow calls there ever were. In the
 * entry that a slot has of a bucket: how many calls were summed, and until which strike the rates stay below their thresholds.
 *
 * Protocol. A strike is numbered by an addition, after it was counted. Who sums reads the strikes, sums, and writes into its own
 * entry of the bucket: until which strike all is clear, then the calls, which are 0 in a new entry; then itself as the judge. Who has a
 * strike, or begins a bucket, looks into the judge's entry, and sums only if it is not of this bucket and life, or too many strikes came.
 *
 * Why safe. Within a bucket calls only grow in number, so what brings a rate to its threshold is a strike. One that a sum did not
 * hold was counted after the strikes were read, and its number comes after that: it is among those for which there was room. The one
 * that takes the last room sums, and finds all that have numbers. What is written of a sum stays true for the bucket, so two
 * that write one after the other, or a reader between them, do no harm. The judge's cell is a hint: an entry is believed for what it says
 * it is of. Strikes wrap, and are compared by their difference.
 *
 * Breaks if a strike is numbered before it is counted, or the strikes are read after the sum; if the calls are written before
 * what they vouch for; and if an entry is published with what was said of another bucket or life.
 */
export class Headroom {
  /** Of how many calls this is known, in this bucket. */
  judgedCalls = 0
  #clearUntil = 0
  readonly #cells: Cells
  readonly #map: MemoryMap
  readonly #slot: number

  constructor(
    { cells, map, slot }: WindowSetting,
    private readonly thresholds: Thresholds,
    private readonly buckets: number,
  ) {
    this.#cells = cells
    this.#map = map
    this.#slot = slot
  }

  /** How many there were until now. */
  strikes(): number {
    return this.#cells.load(this.#map.strikes)
  }

  /** Numbers a failure or a slow call that was counted. */
  strike(): number {
    return (this.#cells.add(this.#map.strikes, 1) + 1) | 0
  }

  /** A bucket or a life begins, of which nothing is known. */
  begin(): void {
    this.judgedCalls = 0
  }

  /** Whether no threshold is reached with so many strikes, as this thread knows or another has written. */
  isClear(life: number, number: number, strikes: number): boolean {
    if (this.judgedCalls > 0 && isUntil(strikes, this.#clearUntil)) return true
    return this.#read(life, number) && isUntil(strikes, this.#clearUntil)
  }

  /** Writes down what a sum leaves room for, if it does; `strikes` were read before it, and `entry` is this thread's of the bucket. */
  note(entry: number, measure: WindowMeasure, strikes: number): void {
    const headroom = this.thresholds.headroom(measure)
    if (headroom < 0) return
    this.judgedCalls = Math.min(measure.calls, CALLS_MAX)
    this.#clearUntil = (strikes + headroom) | 0
    this.#cells.store(entry + Entry.clearUntil, this.#clearUntil)
    this.#cells.store(entry + Entry.judgedCalls, this.judgedCalls)
    this.#cells.store(this.#map.judge, this.#slot + 1)
  }

  #read(life: number, number: number): boolean {
    const cells = this.#cells
    const slot = cells.load(this.#map.judge) - 1
    if (slot < 0) return false
    const entry = this.#map.bucket(slot, number % this.buckets)
    if (cells.load(entry + Entry.life) !== life || numberOf(cells, entry) !== number) return false
    const calls = cells.load(entry + Entry.judgedCalls)
    if (calls === 0) return false
    // Rewritten meanwhile, it is of another life, and this one has ended; or of a window later, and this thread's clock as late.
    this.judgedCalls = calls
    this.#clearUntil = cells.load(entry + Entry.clearUntil)
    return true
  }
}

const CALLS_MAX = 2 ** 31 - 1

/** Strikes are numbered in a cell, which wraps. */
function isUntil(strike: number, last: number): boolean {
  return ((last - strike) | 0) >= 0
}
