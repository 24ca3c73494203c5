import { CELLS_PER_LINE, Layout } from '../../memory/layout.js'

/**
 * Where everything is. All offsets follow from the sizes, which the header repeats; a line is 128 bytes.
 *
 * | part | cells | written by | read by |
 * |---|---|---|---|
 * | header | magic, layout version, size, and the sizes below | initialize, once | attach |
 * | control word, on a line of its own | 1 | whoever makes a transition, by compareExchange | every call |
 * | failure run, on a line of its own | 1: life tag, failures in a row | failures; successes after one | the same |
 * | judge and strikes, on a line of their own | 2: a slot that judged the window lately; failures and slow calls | who judges; those calls | the same |
 * | ring's head, on a line of its own | 1: how many results were recorded | every result | the same |
 * | ramp-up budget, on a line of its own | 1: life and step tag, calls that asked | calls during ramp-up | the same |
 * | events' head and demand, on a line of their own | 2 | whoever has something to tell; whoever listens | the same |
 * | slots | owner, thread id; for each | attach, detach, the reclaimer | transitions, sums |
 * | leases | claim, deadline's claim, deadline; for each | the owner; the reclaimer | probes |
 * | seats | owner; for each | the owner; the reclaimer | calls, with a limit |
 * | ring | one result each | whoever took the position | failures |
 * | event log | 8 cells each | whoever took the position | listeners |
 * | one part a slot: counters | a line | the slot's thread alone | sums |
 * | … condition | a line: cut-off, demand, ages of calls under way | the slot's thread alone | snapshots, listeners, calls |
 * | … buckets | 8 cells each | the slot's thread alone | sums |
 * | … records | 16 cells each: its transitions | the slot's thread alone | whoever sees the transition |
 * | … configurations | two lines | the slot's thread alone | whoever sees a life that names it |
 */
export const MAGIC = 0x42_55_53_42
export const LAYOUT_VERSION = 3

/** How many of a slot's own transitions can be read back. A power of two, at least 2. */
export const RECORDS_PER_SLOT = 8
export const RECORD_CELLS = 16
export const BUCKET_CELLS = 8
export const LEASE_CELLS = 4
export const EVENT_CELLS = 8
const CONFIGURATIONS_PER_SLOT = 2

export interface Sizes {
  /** A power of two. */
  readonly slots: number
  readonly leases: number
  readonly buckets: number
  /** Positions of a count window: a power of two, or 0. */
  readonly ring: number
  readonly seats: number
  /** Events that can be read back: a power of two. */
  readonly events: number
}

/** The header's cells, counted from the first. */
export const Header = {
  magic: 0,
  version: 1,
  size: 2,
  slots: 3,
  leases: 4,
  buckets: 5,
  ring: 6,
  seats: 7,
  events: 8,
} as const

export class MemoryMap {
  readonly control: number
  readonly failureRun: number
  /** Where to look first for what was judged of a window of time: a slot and one, or 0. */
  readonly judge: number
  /** How many failures and slow calls a window of time was told, over all threads and lives. */
  readonly strikes: number
  readonly ringHead: number
  readonly rampUpBudget: number
  readonly eventHead: number
  /** Whether a thread asks for the events of every call (`demand.ts`). */
  readonly demand: number
  readonly #owners: number
  readonly #leases: number
  readonly #seats: number
  readonly #ring: number
  readonly #events: number
  readonly #parts: number
  readonly #partCells: number
  readonly #condition: number
  readonly #buckets: number
  readonly #records: number
  readonly #configurations: number
  /** Cells in all. */
  readonly size: number

  constructor(
    /** Index of the breaker's first cell, at the beginning of a line. */
    readonly base: number,
    readonly sizes: Sizes,
  ) {
    const layout = new Layout(base)
    layout.lineOf(Object.keys(Header).length)
    this.control = layout.lineOf()
    this.failureRun = layout.lineOf()
    this.judge = layout.lineOf(2)
    this.strikes = this.judge + 1
    this.ringHead = layout.lineOf()
    this.rampUpBudget = layout.lineOf()
    this.eventHead = layout.lineOf(2)
    this.demand = this.eventHead + 1
    this.#owners = layout.lineOf(sizes.slots * 2)
    this.#leases = layout.lineOf(sizes.leases * LEASE_CELLS)
    this.#seats = layout.lineOf(sizes.seats)
    this.#ring = layout.lineOf(sizes.ring)
    this.#events = layout.lineOf(sizes.events * EVENT_CELLS)

    const part = new Layout()
    part.lineOf(CELLS_PER_LINE)
    this.#condition = part.lineOf(CELLS_PER_LINE)
    this.#buckets = part.lineOf(sizes.buckets * BUCKET_CELLS)
    this.#records = part.lineOf(RECORDS_PER_SLOT * RECORD_CELLS)
    this.#configurations = part.lineOf(CONFIGURATIONS_PER_SLOT * CELLS_PER_LINE)
    this.#partCells = part.size

    this.#parts = layout.lineOf(sizes.slots * part.size)
    this.size = layout.size - base
  }

  /** The owner's word of a slot; the thread id is in the next cell. */
  owner(slot: number): number {
    return this.#owners + slot * 2
  }

  lease(index: number): number {
    return this.#leases + index * LEASE_CELLS
  }

  seat(index: number): number {
    return this.#seats + index
  }

  /** Where the result of a position is kept. */
  ring(position: number): number {
    return this.#ring + (position & (this.sizes.ring - 1))
  }

  /** Where the event of a position is kept. */
  event(position: number): number {
    return this.#events + (position & (this.sizes.events - 1)) * EVENT_CELLS
  }

  counters(slot: number): number {
    return this.#parts + slot * this.#partCells
  }

  /** The line of what a thread is in just now. */
  condition(slot: number): number {
    return this.counters(slot) + this.#condition
  }

  bucket(slot: number, index: number): number {
    return this.counters(slot) + this.#buckets + index * BUCKET_CELLS
  }

  /** The record of a transition: its sequence number chooses among the slot's records. */
  record(slot: number, sequence: number): number {
    return this.counters(slot) + this.#records + (sequence & (RECORDS_PER_SLOT - 1)) * RECORD_CELLS
  }

  /** A configuration is named by its slot and which of the slot's two it is: `slot * 2 + which`. */
  configuration(reference: number): number {
    return this.counters(reference >> 1) + this.#configurations + (reference & 1) * CELLS_PER_LINE
  }
}
