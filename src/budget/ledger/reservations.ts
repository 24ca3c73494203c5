import { loadAmount, storeAmount } from '../../memory/amount.js'
import type { Cells } from '../../memory/cells.js'
import { loadTime, storeTime } from '../../memory/time.js'
import { type LedgerMap, ReservationCell } from './ledger-map.js'

/**
 * What is reserved, and by whose account: each slot has so many reservations, and its thread alone takes them.
 *
 * Map. A reservation is its state, account, amount and deadline. The state is one word:
 *
 *     bits 0–1    phase: free, reserving, held, ending
 *     bits 2–9    slot of the thread that reserves, holds or ends it
 *     bits 10–31  generation: one more each time that it is free again, never 0
 *
 * Protocol. Reserve: of the own reservations one that is free; account, amount and deadline; then reserving, the change of the
 * account, then held. End, by settlement, release or expiry, of any thread: compareExchange from held, of the very generation, to
 * ending by this thread; the change of the account; then free, of the next generation.
 *
 * Why safe. Only one can exchange held for ending, so a reservation is given back once, whoever comes: its holder, twice;
 * its holder and its deadline at one moment. Afterwards it has another generation, so that a late settlement finds
 * nothing to give back. While it is not held, one thread alone may write it. Before each change of the account the thread notes
 * which reservation it is about (`intent.ts`), so that whoever sees it die knows what to finish.
 *
 * Breaks if what is late is settled all the same (refunded twice), or if a deadline ends what is being settled.
 *
 * Limits. A generation comes again after 4,194,303 uses of one reservation; whoever settles a reservation a second time after
 * just so many ends another's.
 */
export const Phase = { free: 0, reserving: 1, held: 2, ending: 3 } as const
export type Phase = (typeof Phase)[keyof typeof Phase]

const SLOT_SHIFT = 2
const SLOT_MASK = 0xff
const GENERATION_SHIFT = 10
export const GENERATIONS = 2 ** 22

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

export function stateWith(state: number, phase: Phase, slot: number): number {
  return (state & -(1 << GENERATION_SHIFT)) | (slot << SLOT_SHIFT) | phase
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
  readonly #free: number[] = []
  #used: number

  constructor(
    private readonly cells: Cells,
    private readonly map: LedgerMap,
    private readonly slot: number,
    private readonly usedCell: number,
  ) {
    this.#used = cells.load(usedCell)
    this.#findFree()
  }

  /** One that is free; undefined if all of this thread's are in use. */
  take(): number | undefined {
    const index = this.#free.pop()
    if (index !== undefined) return index
    const { reservations } = this.map.sizes
    if (this.#used < reservations) {
      this.#used += 1
      // Before it is used, so that whoever looks for what has expired looks that far.
      this.cells.store(this.usedCell, this.#used)
      return this.slot * reservations + this.#used - 1
    }
    this.#findFree()
    return this.#free.pop()
  }

  /** Notes that one of this thread's is free. */
  giveBack(index: number): void {
    if (this.map.slotOf(index) === this.slot) this.#free.push(index)
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

  describe(index: number, account: number, amount: number, deadlineMs: number): void {
    const first = this.map.reservation(index)
    this.cells.store(first + ReservationCell.account, account)
    storeAmount(this.cells, first + ReservationCell.amount, amount)
    storeTime(this.cells, first + ReservationCell.deadline, deadlineMs)
  }

  account(index: number): number {
    return this.cells.load(this.map.reservation(index) + ReservationCell.account)
  }

  amount(index: number): number {
    return loadAmount(this.cells, this.map.reservation(index) + ReservationCell.amount)
  }

  deadlineMs(index: number): number {
    return loadTime(this.cells, this.map.reservation(index) + ReservationCell.deadline)
  }

  /** The id of one that this thread reserves. */
  idOf(index: number, state: number): ReservationId {
    return index * GENERATIONS + (state >>> GENERATION_SHIFT)
  }

  /** The state of a reservation that is held as its id says. */
  heldState(id: ReservationId): number {
    const index = indexIn(id)
    const generation = id - index * GENERATIONS
    return stateWith(generation << GENERATION_SHIFT, Phase.held, this.map.slotOf(index))
  }

  #findFree(): void {
    const { reservations } = this.map.sizes
    for (let own = 0; own < this.#used; own++) {
      const index = this.slot * reservations + own
      if (phaseOf(this.state(index)) === Phase.free) this.#free.push(index)
    }
  }
}
