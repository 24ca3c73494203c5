import { loadAmount, replaceAmount } from '../../memory/amount.js'
import type { Cells } from '../../memory/cells.js'
import { doubles } from '../../memory/columns.js'
import type { LedgerMap } from './ledger-map.js'

/**
 * One thread's end of an account: reads its record whole, and replaces it whole.
 *
 * Map. The head is one word: a slot (low bits) and a sequence number, which together name the record in force: the one of that slot's
 * two that the number's lowest bit chooses. Beside it, for each slot, the sequence number of a change of its that was replaced.
 *
 * Protocol. Read: the head; what is marked as applied of its slot; the record; the head again, and if it has changed, anew. A thread's own record
 * it knows, and goes on from it without a look at the head until a change fails. Change: mark the record that was read as applied; write the next one into the own record that is not the last
 * one published; exchange the head, by compareExchange, from what was read. If that fails, read anew.
 *
 * Why safe.
 * - A change is one compareExchange, and all budgets of the account change in it, with what is reserved, spent and the period: there
 *   is no moment at which one budget is charged and another not.
 * - A record that the head names is not written: its slot writes the other one. A reader whose record was written meanwhile
 *   finds another head, since a name comes again only when the sequence numbers have come round.
 * - Whether a change of a dead thread's took place can be told for ever: its name is the head, or is marked as applied, because nobody replaces a head
 *   without having marked it (Attiya, Ben-Baruch & Hendler 2018 call such a compareExchange recoverable). Marks are true, as
 *   they are written of heads that were seen, and only grow: a mark is exchanged for a later one only.
 *   A thread doesn't mark its own: it had finished that change before it began another.
 *
 * Breaks if the mark is written after the head, if a mark that is late overwrites a later one, or if a thread writes the record that is in force.
 *
 * Limits. A sequence number comes again after 2³² ÷ slots changes of one slot to one account (67,108,864 with 64 slots): a thread that stands
 * still between two operations for just as many would not notice.
 */
export class SharedAccount {
  /** The record that was read last; changed in place, and then published. */
  readonly values: Float64Array
  readonly #slotBits: number
  readonly #slotMask: number
  readonly #sequenceMask: number
  /** What this slot's two records hold. */
  readonly #own: readonly [Float64Array, Float64Array]
  readonly #ownCells: readonly [number, number]
  readonly #headCell: number
  /** How many of the own records may be out of date beyond what every change writes. */
  #outOfDate = 2
  /** Whether `values` are the record of `#head`, and nobody was given them since. */
  #untouched = false
  #head = 0
  /** What is marked as applied of the head's slot, read before the record was. */
  #applied = 0
  /** The last change that this slot published. */
  #sequence: number

  constructor(
    private readonly cells: Cells,
    private readonly map: LedgerMap,
    private readonly account: number,
    private readonly slot: number,
    /** How many amounts of a record, the first ones, every change may change. */
    private readonly often: number,
  ) {
    const { slots, amounts } = map.sizes
    this.#slotBits = 31 - Math.clz32(slots)
    this.#slotMask = slots - 1
    this.#sequenceMask = 2 ** (32 - this.#slotBits) - 1
    this.values = doubles(amounts)
    this.#own = [this.#load(slot, 0, doubles(amounts)), this.#load(slot, 1, doubles(amounts))]
    this.#ownCells = [map.record(account, slot, 0), map.record(account, slot, 1)]
    this.#headCell = map.head(account)
    this.#sequence = this.#lastOf(slot)
  }

  /**
   * Has in `values` the record that this thread published last, or else reads the one in force. It may no longer be in force, which
   * `publish` finds out; whoever would refuse a call by it must `read` first.
   */
  recall(): void {
    if (this.#untouched) this.#untouched = false
    else this.read()
  }

  /** Reads the record in force into `values`. */
  read(): void {
    this.#untouched = false
    for (;;) {
      const head = this.cells.load(this.#headCell)
      const slot = this.#slotOf(head)
      const sequence = this.#sequenceOf(head)
      this.#head = head
      if (slot === this.slot) {
        // What was tried and not published may have changed all of it.
        this.values.set(this.#own[sequence & 1] as Float64Array)
        return
      }
      this.#outOfDate = 2
      this.#applied = this.cells.load(this.map.applied(this.account, slot))
      this.#load(slot, sequence, this.values)
      if (this.cells.load(this.#headCell) === head) return
    }
  }

  /** The number of the change that `publish` will make. */
  get nextSequence(): number {
    return (this.#sequence + 1) & this.#sequenceMask
  }

  /** Notes that `values` are changed in what changes rarely, so that all of it is published. */
  changedRarely(): void {
    this.#outOfDate = 2
  }

  /** Puts `values` in place of the record that was read. Returns false, and does nothing, if that is no longer in force. */
  publish(): boolean {
    const before = this.#head
    if ((before & this.#slotMask) !== this.slot) this.#mark(before)
    const sequence = (this.#sequence + 1) & this.#sequenceMask
    this.#write(sequence)
    const head = (sequence << this.#slotBits) | this.slot
    if (this.cells.compareExchange(this.#headCell, before, head) !== before) return false
    this.#head = head
    this.#sequence = sequence
    this.#untouched = true
    return true
  }

  /** Writes the own record of that number: as far as it is not known to be in memory. */
  #write(sequence: number): void {
    const { values, cells } = this
    const own = this.#own[sequence & 1] as Float64Array
    let cell = this.#ownCells[sequence & 1] as number
    let length = this.often
    if (this.#outOfDate !== 0) {
      length = own.length
      this.#outOfDate -= 1
    }
    for (let index = 0; index < length; index++, cell += 2) {
      const value = values[index] as number
      if (value === own[index]) continue
      replaceAmount(cells, cell, own[index] as number, value)
      own[index] = value
    }
  }

  /**
   * Whether the change that a slot's thread was about to make when it ended took place; `lowestBit` is that of the change's number. Its last
   * change is that one or the one before.
   */
  published(slot: number, lowestBit: number): boolean {
    return (this.#lastOf(slot) & 1) === lowestBit
  }

  #lastOf(slot: number): number {
    // The head first: had the change been replaced before this look at it, the mark would be there.
    const head = this.cells.load(this.#headCell)
    return this.#slotOf(head) === slot ? this.#sequenceOf(head) : this.cells.load(this.map.applied(this.account, slot))
  }

  #mark(head: number): void {
    const slot = this.#slotOf(head)
    const sequence = this.#sequenceOf(head)
    let applied = this.#applied
    // Ends: each failure is a mark that has come closer.
    while (applied !== sequence && this.#isEarlier(applied, sequence)) {
      const found = this.cells.compareExchange(this.map.applied(this.account, slot), applied, sequence)
      if (found === applied) return
      applied = found
    }
  }

  #load(slot: number, sequence: number, into: Float64Array): Float64Array {
    const first = this.map.record(this.account, slot, sequence)
    for (let index = 0; index < into.length; index++) into[index] = loadAmount(this.cells, first + index * 2)
    return into
  }

  #slotOf(head: number): number {
    return head & this.#slotMask
  }

  #sequenceOf(head: number): number {
    return head >>> this.#slotBits
  }

  #isEarlier(sequence: number, than: number): boolean {
    return ((than - sequence) & this.#sequenceMask) >>> 0 <= this.#sequenceMask / 2
  }
}
