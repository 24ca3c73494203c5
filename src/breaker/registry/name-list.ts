import type { Cells } from '../../memory/cells.js'
import { RegistryFullError } from './errors.js'
import { loadName, type NamePlaces, storeName } from './name-text.js'

/**
 * Which names there are, and which breaker each has: one for a name, whoever asks first.
 *
 * Map. A list of positions, filled from the first on: 0, or the number of an entry + 1. An entry is its taker (0 = nobody,
 * else a thread's id + 1), a name, and the memory of a breaker. Each thread has a picture of the list of its own: a map
 * from name to entry, and how many positions it has read.
 *
 * Protocol. Look up: read the positions from where the picture ends to the first that is 0; then look into the picture.
 * Create, when that finds nothing: take an entry that nobody has, by compareExchange of its taker; write the name and
 * initialize the breaker; then exchange the first empty position from 0 to the entry. If another was faster, look up
 * again: it listed the same name, so that one is used and the own entry given back, or another name, and the next
 * position is tried. Release of a thread that has ended: read the list to its end, and set the taker of each entry that
 * the thread took and that is not listed back to nobody.
 *
 * Why safe.
 * - One breaker a name: a position is written once and never again, and none is written before those below it. So
 *   whoever lists at position n has read all names below n, and its name was none of them. This is the only linearization
 *   point.
 * - What is listed is whole: an entry is listed after its name and its breaker are written, and by its taker alone; nobody
 *   reads an entry that is not listed.
 * - The capacity is exact: there are as many positions as names are allowed.
 * - An entry is taken by one thread at a time, and comes back only by its taker or after the taker's end was seen, when
 *   nothing can list it any more. A releaser that is late fails at the compareExchange, as thread ids don't come again.
 * - An entry that comes back is as good as new: all that was ever written to it is written again by its next taker. No
 *   thread attached to its breaker, as nobody knew of it.
 * - Nobody waits. A creator tries again only when another was faster, so at most once for each name there can be.
 *
 * Breaks if a position is emptied, if the list is read with gaps, or if an entry is listed before it is whole.
 *
 * Limits. A thread that ends between taking and listing keeps one entry until its end is told (`releaseThread`). Entries are
 * more than names by the number of slots of a breaker, for each thread that creates holds one. So only when more threads
 * than that create at one moment, or ended so without anyone's seeing it, is the registry full before its time.
 * The first lookup of a thread reads all names; what it has read stays in the thread's own memory.
 */
const NOBODY = 0

/** Where a list of names is. */
export interface NameListMap extends NamePlaces {
  readonly capacity: number
  readonly entries: number
  /** The cell that says which entry has the name that was listed at `position`. */
  listed(position: number): number
  taker(entry: number): number
}

export class NameList {
  readonly #entries = new Map<string, number>()
  /** The first position that this thread has not read. */
  #position = 0

  constructor(
    private readonly cells: Cells,
    private readonly map: NameListMap,
    private readonly threadId: number,
    /** What is thrown when there is no room for one more name. */
    private readonly full: (name: string, capacity: number, listed: number) => Error = (...how) =>
      new RegistryFullError(...how),
  ) {}

  /** The entry of a name, or undefined if nobody has created it. */
  find(name: string): number | undefined {
    this.#catchUp()
    return this.#entries.get(name)
  }

  /** All names, in the order in which they were created. */
  names(): string[] {
    this.#catchUp()
    return [...this.#entries.keys()]
  }

  /** The entries of all names. */
  entries(): Iterable<number> {
    this.#catchUp()
    return this.#entries.values()
  }

  /**
   * The entry of a name that had none when it was last looked up. `initialize` is given an entry that
   * nobody else knows, and may not ask for another. If another thread creates the name meanwhile, that is the one that
   * counts. Throws a `RegistryFullError`, or
   * what the list's user throws instead.
   */
  create(name: string, initialize: (entry: number) => void): number {
    if (this.#isFull()) throw this.full(name, this.map.capacity, this.#position)
    const own = this.#take(name)
    let listed = false
    try {
      storeName(this.cells, this.map, own, name)
      initialize(own)
      for (;;) {
        const entry = this.find(name)
        if (entry !== undefined) return entry
        if (this.#isFull()) throw this.full(name, this.map.capacity, this.#position)
        listed = this.cells.compareExchange(this.map.listed(this.#position), NOBODY, own + 1) === NOBODY
        if (listed) return own
      }
    } finally {
      if (!listed) this.cells.store(this.map.taker(own), NOBODY)
    }
  }

  /** Gives back the entry that a thread had taken and not listed when it ended. */
  releaseThread(endedThreadId: number): void {
    const { cells, map } = this
    const listed = new Set(this.entries())
    const taken = endedThreadId + 1
    for (let entry = 0; entry < map.entries; entry++) {
      if (cells.load(map.taker(entry)) === taken && !listed.has(entry)) {
        cells.compareExchange(map.taker(entry), taken, NOBODY)
      }
    }
  }

  #isFull(): boolean {
    return this.#position === this.map.capacity
  }

  #catchUp(): void {
    while (!this.#isFull()) {
      const entry = this.cells.load(this.map.listed(this.#position)) - 1
      if (entry < 0) return
      this.#entries.set(loadName(this.cells, this.map, entry), entry)
      this.#position += 1
    }
  }

  /** Entries are taken about in the order of positions, so the first that is free is not far from the first empty one. */
  #take(name: string): number {
    const { cells, map } = this
    for (let tried = 0; tried < map.entries; tried++) {
      const entry = (this.#position + tried) % map.entries
      if (cells.load(map.taker(entry)) !== NOBODY) continue
      if (cells.compareExchange(map.taker(entry), NOBODY, this.threadId + 1) === NOBODY) return entry
    }
    throw this.full(name, map.capacity, this.#position)
  }
}
