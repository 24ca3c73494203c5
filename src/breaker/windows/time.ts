import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { Counter, type Counters } from '../threads/counters.js'
import { neverUsed } from '../threads/thread-slots.js'
import type { Window, WindowMeasure, WindowSetting } from '../window.js'

/**
 * The failure rate of the last so many milliseconds.
 *
 * Map. Time is cut into buckets, numbered since the clock's origin. Each slot has a ring of as many entries as the
 * window has buckets; an entry says: in this life, when this bucket began for this thread, its counters stood there.
 * What a thread has in the window is the difference between its counters now and at its earliest entry that is still
 * in the window. No bucket is ever cleared, and a call costs one addition whatever the window.
 *
 * Protocol. Write: at a thread's first result in a bucket, before it is counted, its entry is written: life taken away,
 * counters, number, life put back. Read: life, number, counters, then life and number again; on a difference, again.
 *
 * Why safe. An entry has one writer. It is in the window if its number is, and belongs to this life if it says so, however
 * long the thread was silent: nothing stale survives an idle gap (cockatiel #64), because an entry's own number, not
 * its place, says how old it is. A reader that finds the same life and number twice read the counters between.
 * A sum lies between its values at its beginning and its end, since each difference only grows between two rotations.
 *
 * When it is judged. After each failure. After a success only where that can matter: in a watched life, at a thread's first
 * result in a bucket (the window has moved) and as long as the calls were fewer than the minimum when last summed.
 *
 * Breaks if the entry is published before its counters are written (cep21/circuit), or counted before it is written.
 */
export class TimeWindow implements Window {
  readonly #bucketMs: number
  readonly #buckets: number
  readonly #minimumCalls: number
  readonly #failureRateThreshold: number
  readonly #cells: Cells
  readonly #map: MemoryMap
  readonly #counters: Counters
  readonly #clock: Clock
  readonly #slot: number
  #life = 0
  #bucketEndsMs = Number.NEGATIVE_INFINITY
  #belowMinimum = true
  #successesAtBeginning = 0
  #errorsAtBeginning = 0

  constructor(
    setting: WindowSetting,
    window: { readonly durationMs: number; readonly buckets: number },
    marks: { readonly minimumCalls: number; readonly failureRateThreshold: number },
  ) {
    this.#bucketMs = window.durationMs / window.buckets
    this.#buckets = window.buckets
    this.#minimumCalls = marks.minimumCalls
    this.#failureRateThreshold = marks.failureRateThreshold
    this.#cells = setting.cells
    this.#map = setting.map
    this.#counters = setting.counters
    this.#clock = setting.clock
    this.#slot = setting.slot
  }

  recordSuccess(life: number, watched: boolean): boolean {
    const now = this.#clock.nowMs()
    if (now >= this.#bucketEndsMs || life !== this.#life) this.#beginBucket(life, now)
    this.#counters.add(Counter.success)
    return watched && this.#belowMinimum && this.#reached(life, now)
  }

  recordFailure(life: number): boolean {
    const now = this.#clock.nowMs()
    if (now >= this.#bucketEndsMs || life !== this.#life) this.#beginBucket(life, now)
    this.#counters.add(Counter.error)
    return this.#reached(life, now)
  }

  measure(life: number): WindowMeasure {
    return this.#sum(life, this.#clock.nowMs())
  }

  #reached(life: number, now: number): boolean {
    const { calls, failures } = this.#sum(life, now)
    this.#belowMinimum = calls < this.#minimumCalls
    return !this.#belowMinimum && failures / calls >= this.#failureRateThreshold
  }

  #beginBucket(life: number, now: number): void {
    const cells = this.#cells
    const number = Math.floor(now / this.#bucketMs)
    const entry = this.#map.bucket(this.#slot, number % this.#buckets)
    this.#belowMinimum = true
    this.#bucketEndsMs = (number + 1) * this.#bucketMs
    this.#life = life
    // The slot's thread before this one, or this one before it attached anew, may have begun this very bucket.
    if (this.#numberOf(entry) === number && cells.load(entry + Entry.life) === life) return
    cells.store(entry + Entry.life, NO_LIFE)
    cells.store(entry + Entry.success, this.#counters.low(Counter.success))
    cells.store(entry + Entry.error, this.#counters.low(Counter.error))
    cells.store(entry + Entry.numberLow, number | 0)
    cells.store(entry + Entry.numberHigh, Math.floor(number / 0x1_0000_0000))
    cells.store(entry + Entry.life, life)
  }

  #sum(life: number, now: number): WindowMeasure {
    const newest = Math.floor(now / this.#bucketMs)
    let calls = 0
    let failures = 0
    for (let slot = 0; slot < this.#map.sizes.slots; slot++) {
      if (neverUsed(this.#cells, this.#map, slot)) break
      if (!this.#findBeginning(slot, life, newest)) continue
      const line = this.#map.counters(slot)
      const errors = (this.#cells.load(line + Counter.error) - this.#errorsAtBeginning) >>> 0
      calls += errors + ((this.#cells.load(line + Counter.success) - this.#successesAtBeginning) >>> 0)
      failures += errors
    }
    return { calls, failures }
  }

  /**
   * Finds where a slot's counters stood when its earliest bucket in the window began; false if it has none there. A thread
   * that records all the time is found at the first look. A bucket after `newest` counts too: this thread may have read
   * its clock, lost its processor, and be judging behind the others.
   */
  #findBeginning(slot: number, life: number, newest: number): boolean {
    const cells = this.#cells
    let earliest = Number.POSITIVE_INFINITY
    for (let number = newest - this.#buckets + 1; number <= newest; number++) {
      const entry = this.#map.bucket(slot, number % this.#buckets)
      if (cells.load(entry + Entry.life) !== life) continue
      const found = this.#numberOf(entry)
      if (found < number || found >= earliest) continue
      const successes = cells.load(entry + Entry.success)
      const errors = cells.load(entry + Entry.error)
      // Rewritten meanwhile, it is of a later bucket: what is in it was counted from an earlier one, or is too new to ask for.
      if (cells.load(entry + Entry.life) !== life || this.#numberOf(entry) !== found) continue
      this.#successesAtBeginning = successes
      this.#errorsAtBeginning = errors
      earliest = found
      if (found === number) break
    }
    return earliest < Number.POSITIVE_INFINITY
  }

  #numberOf(entry: number): number {
    const high = this.#cells.load(entry + Entry.numberHigh)
    return high * 0x1_0000_0000 + (this.#cells.load(entry + Entry.numberLow) >>> 0)
  }
}

const Entry = { life: 0, numberLow: 1, numberHigh: 2, success: 3, error: 4 } as const
const NO_LIFE = 0
