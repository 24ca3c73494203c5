import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { Counter, type Counters } from '../threads/counters.js'
import { neverUsed } from '../threads/thread-slots.js'
import { NO_VERDICT, type Window, type WindowContent, type WindowMeasure, type WindowSetting } from '../window.js'
import { Headroom } from './headroom.js'
import { Thresholds } from './thresholds.js'
import { Entry, NO_LIFE, numberOf } from './time-entry.js'

/**
 * The rates of the last so many milliseconds.
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
 * When it is judged. After each failure and each slow call, which are the strikes. After a success only where that can matter:
 * in a watched life, when the window has moved, and as long as the calls were fewer than the minimum when last looked at. Nothing is
 * summed where the sum of another thread leaves room for it (`headroom.ts`), but with a quorum, where every thread's part matters.
 *
 * Threads told apart. With a quorum the whole opens the circuit only if so many threads have failures in the window; a
 * thread whose own part reaches the thresholds without that is to be cut off alone, and the verdict is negative. When it
 * comes back, its part of the window begins anew, for what cut it off would do so again.
 *
 * Breaks if the entry is published before its counters are written (cep21/circuit), or counted before it is written.
 */
export class TimeWindow implements Window {
  readonly #bucketMs: number
  readonly #buckets: number
  readonly #thresholds: Thresholds
  readonly #headroom: Headroom
  readonly #quorum: number
  readonly #cells: Cells
  readonly #map: MemoryMap
  readonly #counters: Counters
  /** Where this thread counts successes, which are most. */
  readonly #successes: number
  readonly #clock: Clock
  readonly #slot: number
  #life = 0
  #bucketEndsMs = Number.NEGATIVE_INFINITY
  /** This thread's of the bucket. */
  #entry = 0
  #belowMinimum = true
  #successesAtBeginning = 0
  #errorsAtBeginning = 0
  #slowAtBeginning = 0
  readonly #all = { calls: 0, failures: 0, slow: 0 }
  readonly #own = { calls: 0, failures: 0, slow: 0 }
  readonly #part = { calls: 0, failures: 0, slow: 0 }
  #failingThreads = 0
  #decided: WindowMeasure = this.#all

  constructor(setting: WindowSetting, window: { readonly durationMs: number; readonly buckets: number }) {
    this.#bucketMs = window.durationMs / window.buckets
    this.#buckets = window.buckets
    this.#thresholds = new Thresholds(setting.configuration)
    this.#quorum = setting.configuration.quorum
    this.#cells = setting.cells
    this.#map = setting.map
    this.#counters = setting.counters
    this.#successes = setting.counters.line + Counter.success
    this.#clock = setting.clock
    this.#slot = setting.slot
    this.#headroom = new Headroom(setting, this.#thresholds, this.#buckets)
  }

  get decided(): WindowMeasure {
    return this.#decided
  }

  recordSuccess(life: number, watched: boolean): number {
    const now = this.#clock.nowMs()
    if (now >= this.#bucketEndsMs || life !== this.#life) this.#beginBucket(life, now)
    if (this.#cells.add(this.#successes, 1) === -1) this.#counters.carry(Counter.success)
    return watched && this.#belowMinimum ? this.#judge(life, now, this.#headroom.strikes()) : NO_VERDICT
  }

  recordFailure(life: number): number {
    const now = this.#clock.nowMs()
    if (now >= this.#bucketEndsMs || life !== this.#life) this.#beginBucket(life, now)
    this.#counters.add(Counter.error)
    return this.#judge(life, now, this.#headroom.strike())
  }

  recordSlow(life: number, failed: boolean): number {
    const now = this.#clock.nowMs()
    if (now >= this.#bucketEndsMs || life !== this.#life) this.#beginBucket(life, now)
    this.#counters.add(failed ? Counter.error : Counter.success)
    this.#counters.add(Counter.slow)
    return this.#judge(life, now, this.#headroom.strike())
  }

  measure(life: number): WindowMeasure {
    this.#sum(life, this.#clock.nowMs())
    return { ...this.#all }
  }

  measureOf(slot: number, life: number): WindowMeasure {
    const newest = Math.floor(this.#clock.nowMs() / this.#bucketMs)
    this.#measurePart(slot, life, newest, newest - this.#buckets + 1)
    return { ...this.#part }
  }

  contents(life: number): WindowContent[] {
    const now = this.#clock.nowMs()
    const newest = Math.floor(now / this.#bucketMs)
    const contents: WindowContent[] = []
    // What came since a bucket, less what came since the next, is what came in it.
    let since = { calls: 0, failures: 0, slow: 0 }
    for (let number = newest; number > newest - this.#buckets; number--) {
      this.#sum(life, now, number)
      const { calls, failures, slow } = this.#all
      const ageMs = now - (number + 0.5) * this.#bucketMs
      contents.push({ ageMs, calls: calls - since.calls, failures: failures - since.failures, slow: slow - since.slow })
      since = { calls, failures, slow }
    }
    return contents.reverse().filter(({ calls }) => calls > 0)
  }

  judgeEarly(minimumCalls: number | undefined): void {
    this.#thresholds.judgeEarly(minimumCalls)
    this.#belowMinimum = true
  }

  forgetOwn(): void {
    for (let index = 0; index < this.#buckets; index++) {
      this.#cells.store(this.#map.bucket(this.#slot, index) + Entry.life, NO_LIFE)
    }
    this.#bucketEndsMs = Number.NEGATIVE_INFINITY
  }

  /** `strikes`: how many there were, as read before. */
  #judge(life: number, now: number, strikes: number): number {
    if (this.#quorum === 1 && this.#headroom.isClear(life, Math.floor(now / this.#bucketMs), strikes)) {
      this.#belowMinimum = this.#headroom.judgedCalls < this.#thresholds.minimumCalls
      return NO_VERDICT
    }
    this.#sum(life, now)
    const verdict = this.#thresholds.verdict(this.#all)
    this.#belowMinimum = this.#all.calls < this.#thresholds.minimumCalls
    this.#decided = this.#all
    if (this.#quorum === 1) {
      this.#headroom.note(this.#entry, this.#all, strikes)
      return verdict
    }
    if (verdict !== NO_VERDICT && this.#failingThreads >= this.#quorum) return verdict
    this.#belowMinimum ||= this.#own.calls < this.#thresholds.minimumCalls
    this.#decided = this.#own
    return NO_VERDICT - this.#thresholds.verdict(this.#own)
  }

  #beginBucket(life: number, now: number): void {
    const cells = this.#cells
    const number = Math.floor(now / this.#bucketMs)
    const entry = this.#map.bucket(this.#slot, number % this.#buckets)
    this.#belowMinimum = true
    this.#headroom.begin()
    this.#bucketEndsMs = (number + 1) * this.#bucketMs
    this.#life = life
    this.#entry = entry
    // The slot's thread before this one, or this one before it attached anew, may have begun this very bucket.
    if (numberOf(cells, entry) === number && cells.load(entry + Entry.life) === life) return
    cells.store(entry + Entry.life, NO_LIFE)
    cells.store(entry + Entry.success, this.#counters.low(Counter.success))
    cells.store(entry + Entry.error, this.#counters.low(Counter.error))
    cells.store(entry + Entry.slow, this.#counters.low(Counter.slow))
    cells.store(entry + Entry.judgedCalls, 0)
    cells.store(entry + Entry.numberLow, number | 0)
    cells.store(entry + Entry.numberHigh, Math.floor(number / 0x1_0000_0000))
    cells.store(entry + Entry.life, life)
  }

  #sum(life: number, now: number, oldest = Math.floor(now / this.#bucketMs) - this.#buckets + 1): void {
    const newest = Math.floor(now / this.#bucketMs)
    clear(this.#all)
    clear(this.#own)
    this.#failingThreads = 0
    for (let slot = 0; slot < this.#map.sizes.slots; slot++) {
      if (neverUsed(this.#cells, this.#map, slot)) break
      const part = this.#measurePart(slot, life, newest, oldest)
      add(this.#all, part)
      if (part.failures > 0) this.#failingThreads += 1
      if (slot === this.#slot) add(this.#own, part)
    }
  }

  #measurePart(slot: number, life: number, newest: number, oldest: number): WindowMeasure {
    const part = this.#part
    clear(part)
    if (!this.#findBeginning(slot, life, newest, oldest)) return part
    const line = this.#map.counters(slot)
    // Slow calls first: each was counted as a call before, so they are never more than the calls.
    part.slow = (this.#cells.load(line + Counter.slow) - this.#slowAtBeginning) >>> 0
    part.failures = (this.#cells.load(line + Counter.error) - this.#errorsAtBeginning) >>> 0
    part.calls = part.failures + ((this.#cells.load(line + Counter.success) - this.#successesAtBeginning) >>> 0)
    return part
  }

  /**
   * Finds where a slot's counters stood when its earliest bucket in the window began; false if it has none there. A thread
   * that records all the time is found at the first look. A bucket after `newest` counts too: this thread may have read
   * its clock, lost its processor, and be judging behind the others.
   */
  #findBeginning(slot: number, life: number, newest: number, oldest: number): boolean {
    const cells = this.#cells
    let earliest = Number.POSITIVE_INFINITY
    // Within the first window since the clock's origin there are no earlier buckets.
    for (let number = Math.max(0, oldest); number <= newest; number++) {
      const entry = this.#map.bucket(slot, number % this.#buckets)
      if (cells.load(entry + Entry.life) !== life) continue
      const found = numberOf(cells, entry)
      if (found < number || found >= earliest) continue
      const successes = cells.load(entry + Entry.success)
      const errors = cells.load(entry + Entry.error)
      const slow = cells.load(entry + Entry.slow)
      // Rewritten meanwhile, it is of a later bucket: what is in it was counted from an earlier one, or is too new to ask for.
      if (cells.load(entry + Entry.life) !== life || numberOf(cells, entry) !== found) continue
      this.#successesAtBeginning = successes
      this.#errorsAtBeginning = errors
      this.#slowAtBeginning = slow
      earliest = found
      if (found === number) break
    }
    return earliest < Number.POSITIVE_INFINITY
  }
}

type Sum = { -readonly [Figure in keyof WindowMeasure]: number }

function clear(sum: Sum): void {
  sum.calls = 0
  sum.failures = 0
  sum.slow = 0
}

function add(sum: Sum, part: WindowMeasure): void {
  sum.calls += part.calls
  sum.failures += part.failures
  sum.slow += part.slow
}
