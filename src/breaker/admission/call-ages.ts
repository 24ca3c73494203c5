import type { Cells } from '../../memory/cells.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { neverUsed } from '../threads/thread-slots.js'

/**
 * How old the calls under way are, over all threads, so that a circuit can open on calls that hang, before they time out.
 *
 * Map. On each thread's line of its condition: the life that its ages are of; how many calls began longer ago than its ring
 * reaches; and a ring of 8 entries: number of a stretch of time, a quarter of the age long; calls under way that
 * began in it.
 *
 * Protocol. A call begins: if its stretch has no entry yet, the entry of the oldest stretch is added to the older ones and
 * becomes this one's; then one more. It ends: one less, of its stretch if that still has its entry, else of the older.
 * Read: of each thread whose life is this one, the older ones and every entry whose stretch ended at least the age ago.
 *
 * Why safe. One writer a line. Nobody has to be awake for its calls to grow old: their age follows from where they are
 * counted. A reader in the middle of an entry's change may miss or count twice what moves to the older ones; it looks again
 * soon. A thread that ends has its line's life taken away with its slot, so its calls age no further.
 *
 * Breaks if a thread told how many of its calls are stalled: one whose calls all hang tells nothing any more.
 *
 * Limits. An age is known to within a quarter of the limit. Calls begun in earlier lives don't count.
 */
const Line = { life: 8, older: 9, ring: 10 } as const
const ENTRIES = 8
const STRETCHES_PER_AGE = 4
const NO_LIFE = 0

export class CallAges {
  readonly #line: number
  #life = NO_LIFE

  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    slot: number,
  ) {
    this.#line = map.condition(slot)
  }

  /** A call begins; returns its stretch, for `leave`. */
  enter(life: number, nowMs: number, ageMs: number): number {
    if (life !== this.#life) this.#beginLife(life)
    // 31 bits: comparisons are by difference.
    const stretch = Math.floor((nowMs * STRETCHES_PER_AGE) / ageMs) % 0x8000_0000
    const entry = this.#entryOf(stretch)
    const found = this.cells.load(entry)
    if (found !== stretch) {
      const underWay = this.cells.load(entry + 1)
      this.cells.store(entry + 1, 0)
      this.cells.add(this.#line + Line.older, underWay)
      this.cells.store(entry, stretch)
    }
    this.cells.add(entry + 1, 1)
    return stretch
  }

  leave(life: number, stretch: number): void {
    if (life !== this.#life) return
    const entry = this.#entryOf(stretch)
    this.cells.sub(this.cells.load(entry) === stretch ? entry + 1 : this.#line + Line.older, 1)
  }

  /** How many calls of `life` are under way since `ageMs` or longer, over all threads. */
  stalled(life: number, nowMs: number, ageMs: number): number {
    const newest = Math.floor((nowMs * STRETCHES_PER_AGE) / ageMs) % 0x8000_0000
    let stalled = 0
    for (let slot = 0; slot < this.map.sizes.slots && !neverUsed(this.cells, this.map, slot); slot++) {
      const line = this.map.condition(slot)
      if (this.cells.load(line + Line.life) !== life) continue
      stalled += this.cells.load(line + Line.older)
      for (let entry = line + Line.ring; entry < line + Line.ring + 2 * ENTRIES; entry += 2) {
        const age = (newest - this.cells.load(entry)) & 0x7fff_ffff
        if (age > STRETCHES_PER_AGE) stalled += this.cells.load(entry + 1)
      }
    }
    return stalled
  }

  #beginLife(life: number): void {
    withdrawAges(this.cells, this.#line)
    this.cells.store(this.#line + Line.older, 0)
    for (let cell = Line.ring; cell < Line.ring + 2 * ENTRIES; cell++) this.cells.store(this.#line + cell, 0)
    this.cells.store(this.#line + Line.life, life)
    this.#life = life
  }

  #entryOf(stretch: number): number {
    return this.#line + Line.ring + (stretch % ENTRIES) * 2
  }
}

/** Lets the calls of a thread that has ended count no more. */
export function withdrawAges(cells: Cells, conditionLine: number): void {
  cells.store(conditionLine + Line.life, NO_LIFE)
}
