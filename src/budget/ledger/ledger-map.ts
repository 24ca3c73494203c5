import { CELLS_PER_LINE, Layout } from '../../memory/layout.js'

/**
 * Where everything of a ledger is. All offsets follow from the sizes, which the header repeats; a line is 128 bytes.
 *
 * | part | cells | written by | read by |
 * |---|---|---|---|
 * | header | magic, layout version, size, fingerprint of the budgets, and the sizes below | create, once | attach |
 * | slots | owner, thread id; for each | attach, detach, whoever saw the exit | sweeps |
 * | grants | questions, answers, what the keeper does: `grants.ts` | who was refused; the keeper | the keeper; who waits |
 * | list | one each key: 0, or the number of its account + 1 | whoever opens an account, by compareExchange | lookups |
 * | names | taker, length, the key, two code units a cell; for each account | the thread that took it | lookups |
 * | intents, one a slot | a line: reservation, actual cost; how many reservations were ever used | the slot's thread alone | whoever saw its exit |
 * | reservations | 8 cells each, slot by slot: state, account, amount, deadline | by the state: `reservations.ts` | sweeps, settlements |
 * | accounts: head | one | whoever changes the account, by compareExchange | everybody |
 * | … wanted | one: what was refused for want of a grant | who was refused; the keeper takes it | the keeper |
 * | … applied | one each slot: the last change of that slot's that was replaced | whoever replaces it, by compareExchange | whoever saw its exit |
 * | … records | two a slot, of amounts: 64 bits each | the slot's thread alone | whoever the head sends there |
 */
export const LEDGER_MAGIC = 0x42_55_53_4c
export const LEDGER_LAYOUT_VERSION = 1

export const RESERVATION_CELLS = 8
/** UTF-16 code units of an account's key. */
export const KEY_LENGTH_MAX = 64

/** The header's cells, counted from the first. */
export const LedgerHeader = {
  magic: 0,
  version: 1,
  size: 2,
  fingerprint: 3,
  slots: 4,
  accounts: 5,
  reservations: 6,
  amounts: 7,
} as const
export const LEDGER_HEADER_CELLS = Object.keys(LedgerHeader).length

/** A reservation's cells, counted from its first. */
export const ReservationCell = { state: 0, account: 1, amount: 2, deadline: 4 } as const

/** An intent's cells, counted from the first of its line. */
export const IntentCell = { reservation: 0, used: 1, actual: 2 } as const

const Name = { taker: 0, length: 1, name: 2 } as const
const NAME_CELLS = Name.name + KEY_LENGTH_MAX / 2

export interface LedgerSizes {
  /** A power of two. */
  readonly slots: number
  /** Keys that there may be. */
  readonly accounts: number
  /** That one thread may hold at a time: a power of two, at least 4, so that each thread's begin a line. */
  readonly reservations: number
  /** Of a record: `record.ts`. */
  readonly amounts: number
}

export class LedgerMap {
  /** Keys that there may be, and accounts to have them: each thread may hold one that is not listed. */
  readonly capacity: number
  readonly entries: number
  /** Cells of their own: see `grants.ts`. */
  readonly asked: number
  readonly granted: number
  readonly keeper: number
  readonly #owners: number
  readonly #list: number
  readonly #names: number
  readonly #intents: number
  readonly #reservations: number
  readonly #reservationBits: number
  readonly #accounts: number
  readonly #accountCells: number
  readonly #records: number
  readonly #recordCells: number
  /** Cells in all. */
  readonly size: number

  constructor(readonly sizes: LedgerSizes) {
    this.capacity = sizes.accounts
    this.entries = sizes.accounts === 1 ? 1 : sizes.accounts + sizes.slots
    const layout = new Layout()
    layout.lineOf(LEDGER_HEADER_CELLS)
    this.asked = layout.lineOf(3)
    this.granted = this.asked + 1
    this.keeper = this.asked + 2
    this.#owners = layout.lineOf(sizes.slots * 2)
    this.#list = layout.lineOf(sizes.accounts)
    this.#names = layout.lineOf(this.entries * NAME_CELLS)

    this.#intents = layout.lineOf(sizes.slots * CELLS_PER_LINE)
    this.#reservations = layout.lineOf(sizes.slots * sizes.reservations * RESERVATION_CELLS)
    this.#reservationBits = 31 - Math.clz32(sizes.reservations)

    const account = new Layout()
    account.cells(2 + sizes.slots)
    this.#recordCells = sizes.amounts * 2
    this.#records = account.pairs(sizes.slots * 2 * sizes.amounts)
    this.#accountCells = account.size
    this.#accounts = layout.lineOf(this.entries * account.size)
    this.size = layout.size
  }

  /** The owner's word of a slot; the thread id is in the next cell. */
  owner(slot: number): number {
    return this.#owners + slot * 2
  }

  /** The first cell of what a thread is about to do. */
  intent(slot: number): number {
    return this.#intents + slot * CELLS_PER_LINE
  }

  /** The first cell of a reservation; they are numbered through, slot by slot. */
  reservation(index: number): number {
    return this.#reservations + index * RESERVATION_CELLS
  }

  /** The slot that a reservation belongs to. */
  slotOf(index: number): number {
    return index >> this.#reservationBits
  }

  head(account: number): number {
    return this.#accounts + account * this.#accountCells
  }

  wanted(account: number): number {
    return this.head(account) + 1
  }

  applied(account: number, slot: number): number {
    return this.head(account) + 2 + slot
  }

  /** The first cell of the record that a slot writes with this sequence number. */
  record(account: number, slot: number, sequence: number): number {
    return this.head(account) + this.#records + (slot * 2 + (sequence & 1)) * this.#recordCells
  }

  /** The cell that says which account has the key that was listed at `position`. */
  listed(position: number): number {
    return this.#list + position
  }

  taker(account: number): number {
    return this.#names + account * NAME_CELLS + Name.taker
  }

  nameLength(account: number): number {
    return this.#names + account * NAME_CELLS + Name.length
  }

  /** The first of the cells that hold the key. */
  name(account: number): number {
    return this.#names + account * NAME_CELLS + Name.name
  }
}
