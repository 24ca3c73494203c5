import { loadAmount, replaceAmount } from '../../memory/amount.js'
import type { Cells } from '../../memory/cells.js'
import { type LedgerMap, ReservationCell } from './ledger-map.js'

/**
 * What is reserved, and by whose account: each slot has so many reservations, and its thread alone takes them.
 *
 * Map. A reservation is its state, account, amount and deadline. The state is one word:
 *
 *     bits 0–1    phase: free, reserving, held, ending
 *     bits 2–9    slot of the thread that reserves, holds or ends it
 *     bit 10      while it is reserved or ended: the lowest bit of the number of that thread's change to the account
 *     bits 11–31  generation: one more each time that it is free again, never 0
 *
 * Protocol. Reserve: of the own reservations one that is free; account, amount and deadline; then reserving, the change of the
 * account, then held. End, by settlement, release or expiry, of any thread: compareExchange from held, of the very generation, to
 * ending by this thread; the change of the account; then free, of the next generation.
 *
 * Why safe. Only one can exchange held for ending, so a reservation is given back once, whoever comes: its holder, twice;
 * its holder and its deadline at one moment. Afterwards it has another generation, so that a late settlement finds
 * nothing to give back. While it is not held, one thread alone may write it. Before each change of the account the thread notes
 * which reservation it is about (`intent.ts`), so that whoever sees it die knows what to finish; and the state's bit 10 tells
 * whether the change took place, as the thread's last one is either that or the one before it.
 *
 * Breaks if what is late is settled all the same (refunded twice), or if a deadline ends what is being settled.
 *
 * Limits. A deadline is kept in steps of 64 ms, and rounded up. A generation comes again after 2,097,151 uses of one reservation; whoever settles a reservation a second time after
 * just so many ends another's.
 */
export const Phase = { free: 0, reserving: 1, held: 2, ending: 3 } as const
export type Phase = (typeof Phase)[keyof typeof Phase]

const SLOT_SHIFT = 2
const SLOT_MASK = 0xff
const CHANGE_SHIFT = 10
const GENERATION_SHIFT = 11
const GENERATIONS = 2 ** 21
const TICK_MS = 64

/** Slots that a state has room for. */
export const SLOTS_MAX = SLOT_MASK + 1

/** A reservation of one generation, as its holder knows it; 0 is none. */
export type ReservationId = number

export function phaseOf(state: number): Phase {
  return (state & 3) as Phase
}

/** The slot of the thread that reserves, holds or ends it. */
export function actorOf(state: number): number {
  return (state >>> SLOT_SHIFT) & SLOT_MASK
}

/** The lowest bit of the number of the change that it waits for. */
export function changeOf(state: number): number {
  return (state >>> CHANGE_SHIFT) & 1
}

export function stateWith(state: number, phase: Phase, slot: number, change = 0): number {
  return (state & -(1 << GENERATION_SHIFT)) | ((change & 1) << CHANGE_SHIFT) | (slot << SLOT_SHIFT) | phase
}

/** Free, of the next generation. */
export function freed(state: number): number {
  const generation = ((state >>> GENERATION_SHIFT) + 1) & (GENERATIONS - 1)
  return (generation || 1) << GENERATION_SHIFT
}

/** A deadline as it is kept. */
export function deadlineAt(atMs: number): number {
  return Math.ceil(atMs / TICK_MS) | 0
}

export function indexIn(id: ReservationId): number {
  return Math.floor(id / GENERATIONS)
}

/** The id of a reservation that is free in that state, once it is held. */
export function idOf(index: number, free: number): ReservationId {
  return index * GENERATIONS + (free >>> GENERATION_SHIFT)
}

/** The state of a reservation that is held as its id says; `slot` is the one it belongs to. */
export function heldState(id: ReservationId, slot: number): number {
  return ((id % GENERATIONS) << GENERATION_SHIFT) | (slot << SLOT_SHIFT) | Phase.held
}

/** What an own reservation says; nobody else writes that. */
export interface OwnReservation {
  readonly index: number
  /** Its first cell: that of its state. */
  readonly cell: number
  /** The state in which it is or was free. */
  free: number
  account: number
  amount: number
  /** In steps of 64 ms. */
  deadline: number
}

export class Reservations {
  readonly #first: number
  readonly #own: OwnReservation[] = []
  readonly #free: OwnReservation[] = []

  constructor(
    private readonly cells: Cells,
    private readonly map: LedgerMap,
    slot: number,
    private readonly usedCell: number,
  ) {
    this.#first = slot * map.sizes.reservations
    const used = cells.load(usedCell)
    while (this.#own.length < used) this.#add()
    for (const own of this.#own) {
      own.account = cells.load(own.cell + ReservationCell.account)
      own.amount = loadAmount(cells, own.cell + ReservationCell.amount)
      own.deadline = cells.load(own.cell + ReservationCell.deadline)
    }
    this.#findFree()
  }

  /** One that is free; undefined if all of this thread's are in use. */
  take(): OwnReservation | undefined {
    return this.#free.pop() ?? this.#takeMore()
  }

  /** Notes that one of this thread's is free, in that state. */
  giveBack(own: OwnReservation, state: number): void {
    own.free = state
    this.#free.push(own)
  }

  /** The reservation of that index, if it is one of this thread's. */
  own(index: number): OwnReservation | undefined {
    return this.#own[index - this.#first]
  }

  /** Writes what an own one says, as far as it is new. */
  describe(own: OwnReservation, account: number, amount: number, deadline: number): void {
    if (own.deadline !== deadline) {
      this.cells.store(own.cell + ReservationCell.deadline, deadline)
      own.deadline = deadline
    }
    if (own.amount !== amount) {
      replaceAmount(this.cells, own.cell + ReservationCell.amount, own.amount, amount)
      own.amount = amount
    }
    if (own.account !== account) {
      this.cells.store(own.cell + ReservationCell.account, account)
      own.account = account
    }
  }

  /** How many milliseconds there are from a moment to a deadline, in steps of 64; 0 or less if that has passed. */
  remainingMs(cell: number, nowMs: number): number {
    return ((this.cells.load(cell + ReservationCell.deadline) - Math.floor(nowMs / TICK_MS)) | 0) * TICK_MS
  }

  #takeMore(): OwnReservation | undefined {
    this.#findFree()
    if (this.#free.length === 0 && this.#own.length < this.map.sizes.reservations) {
      // Before it is used, so that whoever looks for what has expired looks that far.
      this.cells.store(this.usedCell, this.#own.length + 1)
      return this.#add()
    }
    return this.#free.pop()
  }

  #add(): OwnReservation {
    const index = this.#first + this.#own.length
    const own = { index, cell: this.map.reservation(index), free: freed(0), account: 0, amount: 0, deadline: 0 }
    this.#own.push(own)
    return own
  }

  /** Others may have ended some of the own ones. */
  #findFree(): void {
    for (const own of this.#own) {
      const state = this.cells.load(own.cell)
      if (phaseOf(state) === Phase.free) this.giveBack(own, state || freed(0))
    }
  }
}
