import type { Cells } from '../../memory/cells.js'
import type { ControlWords } from '../life/control-word.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { Counter, type Counters } from '../threads/counters.js'
import { NO_VERDICT, type Window, type WindowMeasure, type WindowSetting } from '../window.js'
import { Thresholds } from './thresholds.js'

/**
 * The last `size` calls of a life, exact over all threads.
 *
 * Map. The head is the number of results ever recorded, over all lives; it wraps. A result takes the position that the
 * head had, so positions are the order of calls. The ring's cell of a position holds one entry, a single word:
 *
 *     bit 0            written; a cell that never was is 0
 *     bits 1, 2        failed; slow
 *     bits 3 …         lap: how often the ring had come round at that position, so many bits that ring and lap together
 *                      tell 2²⁶ positions apart, at most 16
 *     the rest, 13 …   tag: the low bits of the life's sequence number; the larger the ring, the more of them
 *
 * Protocol. Write: add 1 to the head; compare and exchange the cell to the entry, at first from what a success of this
 * life's lap before would have left, then from what is found there, and not at all if that is of a later lap. Read: the
 * head, then the entries of the `size` positions before it, oldest first; an entry counts if tag and lap are its
 * position's. A position that doesn't count is made up for by an older one, as far back as there are slots. If an entry
 * of a later lap is found, the ring was overwritten under the reader's eyes: again.
 *
 * Why safe. The window is a function of the ring alone: there is no running total, so nothing can drift when a thread
 * dies between two operations. An entry says itself which position and life it is of, and from when it is written until
 * the ring comes round it doesn't change. Between its two operations a writer leaves a hole, and so does a thread that
 * dies there: to a reader that call is not made yet, and the call before the oldest is still in the window. So with the
 * room for it (below) the calls of a life only grow until they are `size`.
 *
 * No verdict is lost. Failures and slow calls write, then read; operations are totally ordered, so of two that write at
 * the same time the one that writes last sees both (store buffering). Other successes read only while their thread knows
 * of fewer calls than the minimum. That suffices: one more success makes no rate higher, in whichever order it comes, so if
 * the window after it reaches a threshold, then the window before it did, or had too few calls. In the latter case its
 * thread cannot have known of enough, and reads. But it reads only in a watched life, and looks at the watch after it has
 * written: if it finds none, the first failure, which sets the watch before it writes and reads, sees this success.
 *
 * Breaks if a slow thread overwrites a later entry, if a success looks at the watch only before it writes (a failure at that
 * moment finds one call too few, and the success doesn't look), if holes shrink the window (the same, at any moment of a
 * life whose minimum is the size), or if a total is kept beside the ring (resilience4j #1335, #1262).
 *
 * Limits. A reading costs one load a call of the window. The ring needs `size` + slots cells; with fewer, a hole shrinks
 * the window until the ring has come round, and a verdict may then come with the next failure. So it does if more
 * positions than slots, within `size`, are holes of dead threads or late results of other lives. A writer that sleeps while
 * 2²⁵ results are recorded (32,768 laps of a ring below 1,024 cells) may overwrite a later entry. The tag repeats: calls of
 * a life that many transitions back, 8,192 or more, would count if they are still among the last `size`.
 */
export class CountWindow implements Window {
  readonly #decided = { calls: 0, failures: 0, slow: 0 }
  readonly #thresholds: Thresholds
  readonly #cells: Cells
  readonly #map: MemoryMap
  readonly #words: ControlWords
  readonly #counters: Counters
  /** How many positions before the head are looked at. */
  readonly #reach: number
  readonly #lapShift: number
  readonly #lapMask: number
  readonly #tagShift: number
  #life = NO_LIFE
  #tag = 0
  /** Whether this thread knows that `#life` has its minimum of calls: by its last judgement, or by its own calls alone. */
  #settled = false
  #ownCalls = 0

  /** `size`: 1 to the number of the ring's cells. */
  constructor(
    setting: WindowSetting,
    private readonly size: number,
  ) {
    const { ring, slots } = setting.map.sizes
    const lapBits = Math.min(POSITION_BITS - Math.log2(ring), LAP_BITS_MAX)
    this.#thresholds = new Thresholds(setting.configuration, size)
    this.#cells = setting.cells
    this.#map = setting.map
    this.#words = setting.words
    this.#counters = setting.counters
    this.#reach = Math.min(size + slots, ring)
    this.#lapShift = Math.log2(ring)
    this.#lapMask = 2 ** lapBits - 1
    this.#tagShift = FLAG_BITS + lapBits
  }

  get decided(): WindowMeasure {
    return this.#decided
  }

  recordSuccess(life: number): number {
    if (life !== this.#life) this.#begin(life)
    const written = this.#record(WRITTEN)
    this.#counters.add(Counter.success)
    return this.#settled ? NO_VERDICT : this.#judgeIfWatched(written)
  }

  recordFailure(life: number): number {
    if (life !== this.#life) this.#begin(life)
    this.#record(WRITTEN | FAILED)
    this.#counters.add(Counter.error)
    return this.#judge()
  }

  recordSlow(life: number, failed: boolean): number {
    if (life !== this.#life) this.#begin(life)
    this.#record(failed ? WRITTEN | SLOW | FAILED : WRITTEN | SLOW)
    this.#counters.add(failed ? Counter.error : Counter.success)
    this.#counters.add(Counter.slow)
    return this.#judge()
  }

  measure(life: number): WindowMeasure {
    const measure = { calls: 0, failures: 0, slow: 0 }
    this.#read(this.#tagOf(life), measure)
    return measure
  }

  judgeEarly(minimumCalls: number | undefined): void {
    this.#thresholds.judgeEarly(minimumCalls)
    this.#unsettle()
  }

  #begin(life: number): void {
    this.#life = life
    this.#tag = this.#tagOf(life)
    this.#unsettle()
  }

  #unsettle(): void {
    this.#settled = false
    this.#ownCalls = 0
  }

  #tagOf(life: number): number {
    return this.#words.sequenceOf(life) << this.#tagShift
  }

  /** Returns false if the ring has come round since the position was taken: the result is none of the last calls. */
  #record(flags: number): boolean {
    const position = this.#cells.add(this.#map.ringHead, 1)
    const cell = this.#map.ring(position)
    const lap = position >> this.#lapShift
    const entry = this.#tag | ((lap & this.#lapMask) << FLAG_BITS) | flags
    const likely = this.#tag | (((lap - 1) & this.#lapMask) << FLAG_BITS) | WRITTEN
    const found = this.#cells.compareExchange(cell, likely, entry)
    return found === likely || this.#replace(cell, found, entry, lap)
  }

  #replace(cell: number, found: number, entry: number, lap: number): boolean {
    let earlier = found
    while (earlier === NEVER_WRITTEN || this.#lapsAfter(earlier, lap) > this.#lapMask >> 1) {
      const now = this.#cells.compareExchange(cell, earlier, entry)
      if (now === earlier) return true
      // Ends: another thread recorded a result of another lap, which happens once a lap.
      earlier = now
    }
    return false
  }

  #judgeIfWatched(written: boolean): number {
    const verdict = this.#cells.load(this.#map.control) === this.#life ? NO_VERDICT : this.#judge()
    if (written) this.#ownCalls += 1
    if (this.#ownCalls >= this.#thresholds.minimumCalls) this.#settled = true
    return verdict
  }

  #judge(): number {
    this.#read(this.#tag, this.#decided)
    if (this.#decided.calls >= this.#thresholds.minimumCalls) this.#settled = true
    else this.#unsettle()
    return this.#thresholds.verdict(this.#decided)
  }

  #read(tag: number, into: Measure): void {
    // Ends: an attempt fails only if others recorded as many results meanwhile as the ring has cells to spare, and one.
    while (!this.#sum(this.#cells.load(this.#map.ringHead), tag, into));
  }

  /** Returns false if the ring was overwritten meanwhile. */
  #sum(head: number, tag: number, into: Measure): boolean {
    into.calls = 0
    into.failures = 0
    into.slow = 0
    // Oldest first: the one that is overwritten next is read at once, and the writers stay behind the reader.
    for (let back = this.size; back > 0; back--) {
      if (!this.#count(head - back, tag, into)) return false
    }
    for (let back = this.size + 1; back <= this.#reach && into.calls < this.size; back++) {
      if (!this.#count(head - back, tag, into)) break
    }
    return true
  }

  /** Counts the entry of a position if it is there and of the life. Returns false if a later one is there. */
  #count(position: number, tag: number, into: Measure): boolean {
    const entry = this.#cells.load(this.#map.ring(position))
    const lap = position >> this.#lapShift
    if ((entry & ~(FAILED | SLOW)) === (tag | ((lap & this.#lapMask) << FLAG_BITS) | WRITTEN)) {
      into.calls += 1
      into.failures += (entry & FAILED) >> 1
      into.slow += (entry & SLOW) >> 2
      return true
    }
    if (entry === NEVER_WRITTEN) return true
    const laps = this.#lapsAfter(entry, lap)
    return laps === 0 || laps > this.#lapMask >> 1
  }

  /** By how many laps an entry is later than `lap`; from half of the laps that there are, it is earlier. */
  #lapsAfter(entry: number, lap: number): number {
    return ((entry >> FLAG_BITS) - lap) & this.#lapMask
  }
}

interface Measure {
  calls: number
  failures: number
  slow: number
}

const NO_LIFE = 0
const NEVER_WRITTEN = 0
const WRITTEN = 1
const FAILED = 2
const SLOW = 4
const FLAG_BITS = 3
const POSITION_BITS = 26
const LAP_BITS_MAX = 16
