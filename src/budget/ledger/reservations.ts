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

export function indexIn(id: ReservationId): number {
  return Math.floor(id / GENERATIONS)
}

export class Reservations {
  readonly #first: number
  /** Own ones that are free, and the states that they are free in. */
  readonly #free: number[] = []
  readonly #freeStates: number[] = []
  /** What the own ones say, by their place: nobody else writes it. */
  readonly #accounts: number[] = []
  readonly #amounts: number[] = []
  readonly #deadlines: number[] = []

  constructor(
    private readonly cells: Cells,
    private readonly map: LedgerMap,
    slot: number,
    private readonly usedCell: number,
  ) {
    this.#first = slot * map.sizes.reservations
    const used = cells.load(usedCell)
    for (let own = 0; own < used; own++) this.#know(own)
    this.#findFree()
  }

  /** One that is free, and its state in `takenState`; undefined if all of this thread's are in use. */
  take(): number | undefined {
    if (this.#free.length === 0 && !this.#findFree()) this.#useOneMore()
    this.takenState = this.#freeStates.pop() ?? 0
    return this.#free.pop()
  }

  takenState = 0

  /** Notes that one of this thread's is free, in that state. */
  giveBack(index: number, state: number): void {
    if (!this.#isOwn(index)) return
    this.#free.push(index)
    this.#freeStates.push(state || freed(0))
  }

  state(index: number): number {
    return this.cells.load(this.map.reservation(index))
  }

  /** Only for the thread that alone may write it. */
  setState(index: number, state: number): void {
    this.cells.store(this.map.reservation(index), state)
  }

  exchangeState(index: number, from: number, to: number): boolean {
    return this.cells.compareExchange(this.map.reservation(index), from, to) === from
  }

  /** Writes what an own one says, as far as it is new. */
  describe(index: number, account: number, amount: number, deadlineMs: number): void {
    const own = index - this.#first
    const first = this.map.reservation(index)
    const deadline = Math.ceil(deadlineMs / TICK_MS) | 0
    if (this.#accounts[own] !== account) {
      this.cells.store(first + ReservationCell.account, account)
      this.#accounts[own] = account
    }
    if (this.#deadlines[own] !== deadline) {
      this.cells.store(first + ReservationCell.deadline, deadline)
      this.#deadlines[own] = deadline
    }
    replaceAmount(this.cells, first + ReservationCell.amount, this.#amounts[own] as number, amount)
    this.#amounts[own] = amount
  }

  account(index: number): number {
    if (this.#isOwn(index)) return this.#accounts[index - this.#first] ?? 0
    return this.cells.load(this.map.reservation(index) + ReservationCell.account)
  }

  amount(index: number): number {
    if (this.#isOwn(index)) return this.#amounts[index - this.#first] ?? 0
    return loadAmount(this.cells, this.map.reservation(index) + ReservationCell.amount)
  }

  /** How many milliseconds there are from a moment to its deadline, in steps of 64; 0 or less if that has passed. */
  remainingMs(index: number, nowMs: number): number {
    const deadline = this.cells.load(this.map.reservation(index) + ReservationCell.deadline)
    return ((deadline - Math.floor(nowMs / TICK_MS)) | 0) * TICK_MS
  }

  /** The id of one that is free in that state, once it is held. */
  idOf(index: number, state: number): ReservationId {
    return index * GENERATIONS + (state >>> GENERATION_SHIFT)
  }

  /** The state of a reservation that is held as its id says. */
  heldState(id: ReservationId): number {
    const index = indexIn(id)
    const generation = id - index * GENERATIONS
    return stateWith(generation << GENERATION_SHIFT, Phase.held, this.map.slotOf(index))
  }

  #isOwn(index: number): boolean {
    const own = index - this.#first
    return own >= 0 && own < this.map.sizes.reservations
  }

  #know(own: number): void {
    const first = this.map.reservation(this.#first + own)
    this.#accounts[own] = this.cells.load(first + ReservationCell.account)
    this.#amounts[own] = loadAmount(this.cells, first + ReservationCell.amount)
    this.#deadlines[own] = this.cells.load(first + ReservationCell.deadline)
  }

  /** Others may have ended some of the own ones. */
  #findFree(): boolean {
    for (let own = 0; own < this.#accounts.length; own++) {
      const state = this.state(this.#first + own)
      if (phaseOf(state) === Phase.free) this.giveBack(this.#first + own, state)
    }
    return this.#free.length > 0
  }

  #useOneMore(): void {
    const used = this.#accounts.length
    if (used === this.map.sizes.reservations) return
    this.#accounts.push(0)
    this.#amounts.push(0)
    this.#deadlines.push(0)
    // Before it is used, so that whoever looks for what has expired looks that far.
    this.cells.store(this.usedCell, used + 1)
    this.giveBack(this.#first + used, freed(0))
  }
}
