import type { Cells } from '../../memory/cells.js'
import type { ControlWords } from '../life/control-word.js'
import type { MemoryMap } from '../storage/memory-map.js'

/**
 * The results of the last calls, over all threads, in the order of the calls.
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
 * Why safe. What is read is a function of the ring alone: there is no running total, so nothing can drift when a thread
 * dies between two operations. An entry says itself which position and life it is of, and from when it is written until
 * the ring comes round it doesn't change. Between its two operations a writer leaves a hole, and so does a thread that
 * dies there: to a reader that call is not made yet, and the call before the oldest still counts. So, with room for
 * `size` + slots, the calls of a life that are read only grow until they are `size`, and none comes back that was pushed out.
 *
 * Breaks if a slow writer overwrites a later entry, or if a total is kept beside the ring (resilience4j #1335, #1262).
 *
 * Limits. A reading costs one load a call. In a ring of fewer than `size` + slots cells a hole makes the window smaller until
 * the ring has come round; so it does if more positions than slots, within `size`, are holes of dead threads or results
 * that other lives recorded late. Who sleeps between two operations while 2²⁵ results are recorded (32,768 laps of a
 * ring below 1,024 cells) may take a later entry for an earlier one. The tag repeats: calls of a life that many transitions
 * back, 8,192 or more, would count if they are still among the last.
 */
export class ResultRing {
  readonly #cells: Cells
  readonly #map: MemoryMap
  readonly #words: ControlWords
  readonly #head: number
  readonly #first: number
  readonly #mask: number
  readonly #lapShift: number
  readonly #lapMask: number
  readonly #tagShift: number

  constructor({ cells, map, words }: { readonly cells: Cells; readonly map: MemoryMap; readonly words: ControlWords }) {
    const ringBits = Math.log2(map.sizes.ring)
    const lapBits = Math.min(POSITION_BITS - ringBits, LAP_BITS_MAX)
    this.#cells = cells
    this.#map = map
    this.#words = words
    this.#head = map.ringHead
    this.#first = map.ring(0)
    this.#mask = map.sizes.ring - 1
    this.#lapShift = ringBits
    this.#lapMask = 2 ** lapBits - 1
    this.#tagShift = FLAG_BITS + lapBits
  }

  /** What entries of a life carry. */
  tagOf(life: number): number {
    return this.#words.sequenceOf(life) << this.#tagShift
  }

  /** The position that the next result will take; signed, and wraps. */
  head(): number {
    return this.#cells.load(this.#head)
  }

  /** Returns false if the ring has come round since the position was taken: the result is none of the last. */
  record(tag: number, flags: number): boolean {
    const position = this.#cells.add(this.#head, 1)
    const cell = this.#first + (position & this.#mask)
    const lap = position >> this.#lapShift
    const entry = tag | ((lap & this.#lapMask) << FLAG_BITS) | flags | WRITTEN
    const likely = tag | (((lap - 1) & this.#lapMask) << FLAG_BITS) | WRITTEN
    const found = this.#cells.compareExchange(cell, likely, entry)
    return found === likely || this.#replace(cell, found, entry, lap)
  }

  /** Counts the last `size` results, at most the ring's cells. Returns where the head was. */
  read(size: number, tag: number, into: Count): number {
    for (;;) {
      const head = this.head()
      // Ends: an attempt fails only if others recorded as many results meanwhile as the ring has cells to spare, and one.
      if (this.#readBefore(head, size, tag, into)) return head
    }
  }

  /** Adds the entry of a position if it is there and of the life. Returns false if a later one is there. */
  count(position: number, tag: number, into: Count): boolean {
    const entry = this.#cells.load(this.#first + (position & this.#mask))
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

  /** Returns false if the ring was overwritten meanwhile. */
  #readBefore(head: number, size: number, tag: number, into: Count): boolean {
    const { ring, slots } = this.#map.sizes
    const reach = Math.min(size + slots, ring)
    into.calls = 0
    into.failures = 0
    into.slow = 0
    // Oldest first: the one that is overwritten next is read at once, and the writers stay behind the reader.
    for (let back = size; back > 0; back--) {
      if (!this.count(head - back, tag, into)) return false
    }
    for (let back = size + 1; back <= reach && into.calls < size; back++) {
      if (!this.count(head - back, tag, into)) break
    }
    return true
  }

  /** By how many laps an entry is later than `lap`; from half of the laps that there are, it is earlier. */
  #lapsAfter(entry: number, lap: number): number {
    return ((entry >> FLAG_BITS) - lap) & this.#lapMask
  }
}

/** What was counted. Not shared: each reader has its own. */
export interface Count {
  calls: number
  failures: number
  slow: number
}

/** What a result may be besides recorded. */
export const FAILED = 2
export const SLOW = 4

const WRITTEN = 1
const NEVER_WRITTEN = 0
const FLAG_BITS = 3
const POSITION_BITS = 26
const LAP_BITS_MAX = 16
