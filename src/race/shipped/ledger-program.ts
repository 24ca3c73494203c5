import { AttachError } from '../../breaker/errors.js'
import { claimSlot, claimsOfThread, releaseSlot } from '../../breaker/threads/thread-slots.js'
import { LedgerEnd } from '../../budget/ledger/ledger-end.js'
import { LedgerMap, ReservationCell } from '../../budget/ledger/ledger-map.js'
import { initializeAccount } from '../../budget/ledger/ledger-region.js'
import { type Amounts, BudgetAmount, type BudgetShape, RecordShape } from '../../budget/ledger/record.js'
import { actorOf, changeOf, Phase, phaseOf } from '../../budget/ledger/reservations.js'
import { SharedAccount } from '../../budget/ledger/shared-account.js'
import type { Body, Call, Program } from '../../explore/program.js'
import { loadAmount } from '../../memory/amount.js'
import type { Cells } from '../../memory/cells.js'
import { PrivateCells } from '../../memory/private-cells.js'
import type { Clock } from '../../world/clock.js'
import type { Questions } from '../question.js'
import type { LedgerAct, LedgerSide } from './ledger-acts.js'
import { LEDGER_START_MS, periodOf, RESERVATION_MS } from './ledger-time.js'

export interface LedgerSetting {
  readonly limits: readonly number[]
  /** What may be committed of each before a keeper has granted more. Default: its limit. */
  readonly opening?: number
  readonly acts: readonly LedgerAct[]
  readonly accounts?: number
  /** 0: it never ends. Of more than one the window slides. */
  readonly buckets?: number
  readonly deaths?: number
  readonly ticksMs?: readonly number[]
  /** Whether one thread more finishes for whom dies. */
  readonly onDeath?: boolean
  /** So much is reserved then by a thread that attaches to the slot of the dead one. */
  readonly takenOver?: number
  readonly extraCells?: number
  /** Brings the ledger to where the threads find it. */
  readonly prepare?: (end: LedgerEnd) => void
  /** Amounts that are reserved before the threads begin, by none of them. */
  readonly reserved?: readonly number[]
}

const RESERVATIONS = 4

/** The shipped ledger's synchronous whole over explored cells, and what its checks need to look into its memory. */
export class LedgerProgram {
  readonly program: Program<LedgerSide>
  readonly map: LedgerMap
  readonly shape: RecordShape
  readonly #acts: readonly LedgerAct[]
  readonly #threads: number
  readonly #accounts: number

  constructor({
    limits,
    opening,
    acts,
    accounts = 1,
    buckets = 0,
    deaths = 0,
    ticksMs = [],
    onDeath,
    takenOver = 0,
    extraCells = 0,
    prepare,
    reserved = [],
  }: LedgerSetting) {
    const budgets = limits.map(
      (limit): BudgetShape => ({ period: periodOf(buckets), blocking: true, limit, opening: opening ?? limit }),
    )
    this.shape = new RecordShape(budgets)
    this.#acts = acts
    this.#threads = acts.length
    this.#accounts = accounts
    const slots = 2 ** Math.ceil(Math.log2(acts.length + 1))
    this.map = new LedgerMap({ slots, accounts, reservations: RESERVATIONS, amounts: this.shape.amounts })
    const deadCell = this.map.size + extraCells
    this.program = {
      cells: deadCell + 1,
      setup: (cells) => {
        for (let thread = 0; thread <= acts.length; thread++) claimSlot(cells, this.map, threadIdOf(thread))
        for (let account = 0; account < accounts; account++) {
          initializeAccount(cells, this.map, account, this.shape.initial(LEDGER_START_MS))
        }
        const before = this.#end(cells, acts.length, { nowMs: () => LEDGER_START_MS })
        prepare?.(before)
        const ids = reserved.map((amount) => before.reserve(0, amount))
        return (own, world) => {
          const end = this.#end(own, world.thread, world.clock)
          // What a thread reads of its own records, once, is read before there is anything to interleave.
          for (let account = 0; account < accounts; account++) end.read(account)
          const buries = () => {
            const dead = own.load(deadCell)
            if (dead !== 0) this.#bury(own, end, dead - 1)
            return dead !== 0
          }
          return { end, world, reserved: ids, buries }
        }
      },
      threads: acts.map(
        (act): Body<LedgerSide> =>
          (cells, call, side) =>
            act(side, call, cells),
      ),
      deaths,
      ...(onDeath
        ? {
            onDeath: (cells: Cells, _call: Call, { end, world }: LedgerSide, dead: number) => {
              cells.store(deadCell, dead + 1)
              this.#bury(cells, end, dead)
              if (takenOver > 0) this.#takeOver(cells, world.clock, takenOver)
            },
          }
        : {}),
      clock: { startMs: LEDGER_START_MS, ticksMs },
    }
  }

  /** What must hold at every moment, and at the end, of any program of ledgers. */
  get questions(): Questions {
    return {
      invariant: { invariant: (cells) => this.#assertSound(cells) },
      conservation: { check: (cells, returned) => this.#assertConserved(cells, returned) },
    }
  }

  readonly nameOfCell = (cell: number): string => {
    const { map } = this
    for (let account = 0; account < this.#accounts; account++) {
      if (cell === map.head(account)) return `head ${account}`
      const applied = cell - map.applied(account, 0)
      if (applied >= 0 && applied < map.sizes.slots) return `applied ${applied}`
      const inRecords = cell - map.record(account, 0, 0)
      const recordCells = map.sizes.amounts * 2
      if (inRecords >= 0 && inRecords < map.sizes.slots * 2 * recordCells) {
        const record = Math.floor(inRecords / recordCells)
        return `record ${record >> 1}.${record & 1} +${inRecords % recordCells}`
      }
    }
    const inReservations = cell - map.reservation(0)
    if (inReservations >= 0 && inReservations < map.sizes.slots * RESERVATIONS * 8) {
      return `reservation ${inReservations >> 3} +${inReservations & 7}`
    }
    const inIntents = cell - map.intent(0)
    return inIntents >= 0 && inIntents < map.sizes.slots * 32
      ? `intent ${inIntents >> 5} +${inIntents & 31}`
      : String(cell)
  }

  /** The record in force, read by nobody in particular. */
  record(cells: Cells, account = 0): Amounts {
    const shared = this.#lookAt(cells, account)
    shared.read()
    return shared.values
  }

  covered(values: Amounts, budget: number): number {
    return this.shape.covered(values, budget)
  }

  committed(values: Amounts, budget: number): number {
    return this.shape.committed(values, budget)
  }

  total(values: Amounts): number {
    return this.shape.total(values)
  }

  #end(cells: Cells, slot: number, clock: Clock): LedgerEnd {
    return new LedgerEnd(
      cells,
      this.map,
      this.shape,
      { reservationMs: RESERVATION_MS, chargeExpired: false },
      slot,
      clock,
    )
  }

  #bury(cells: Cells, end: LedgerEnd, dead: number): void {
    for (const claim of claimsOfThread(cells, this.map, threadIdOf(dead))) {
      end.finish(claim)
      releaseSlot(cells, this.map, claim, () => undefined)
    }
  }

  /** As a thread does that attaches just then, if there is a slot for it. */
  #takeOver(cells: Cells, clock: Clock, amount: number): void {
    try {
      const { slot } = claimSlot(cells, this.map, threadIdOf(this.#threads + 1))
      this.#end(cells, slot, clock).reserve(0, amount)
    } catch (error) {
      if (!(error instanceof AttachError)) throw error
    }
  }

  /** With a slot that nobody writes from. */
  #lookAt(cells: Cells, account: number): SharedAccount {
    return new SharedAccount(cells, this.map, account, this.#threads, this.shape.often)
  }

  /** No budget is above its limit; and what is reserved is just the sum of the reservations that count. */
  #assertSound(cells: Cells): void {
    for (let account = 0; account < this.#accounts; account++) {
      const shared = this.#lookAt(cells, account)
      shared.read()
      const reserved = this.#reservedIn(cells, account, shared)
      this.shape.budgets.forEach((_, budget) => {
        const committed = this.shape.committed(shared.values, budget)
        const covered = this.shape.covered(shared.values, budget)
        const limit = shared.values[this.shape.at(budget, BudgetAmount.ceiling)] as number
        if (committed > limit) throw new Error(`${committed} committed of budget ${budget}, whose limit is ${limit}`)
        if (covered < 0) throw new Error(`${covered} spent of budget ${budget}`)
        if (committed - covered !== reserved) {
          throw new Error(`${committed - covered} reserved of budget ${budget}; the reservations come to ${reserved}`)
        }
      })
    }
  }

  #reservedIn(cells: Cells, account: number, shared: SharedAccount): number {
    let reserved = 0
    const { slots, reservations } = this.map.sizes
    for (let index = 0; index < slots * reservations; index++) {
      const cell = this.map.reservation(index)
      const state = cells.load(cell)
      if (phaseOf(state) === Phase.free || cells.load(cell + ReservationCell.account) !== account) continue
      const changed = phaseOf(state) === Phase.held || shared.published(actorOf(state), changeOf(state))
      const counts = phaseOf(state) === Phase.ending ? !changed : changed
      if (counts) reserved += loadAmount(cells, cell + ReservationCell.amount)
    }
    return reserved
  }

  #totals(cells: Cells): number {
    return Array.from({ length: this.#accounts }, (_, account) => this.total(this.record(cells, account))).reduce(
      (sum, one) => sum + one,
    )
  }

  /** What threads that died had begun to settle, and that is not in the record yet. */
  #begunBy(cells: Cells, returned: readonly unknown[]): number {
    let begun = 0
    const { slots, reservations } = this.map.sizes
    for (let index = 0; index < slots * reservations; index++) {
      const cell = this.map.reservation(index)
      const state = cells.load(cell)
      const actor = actorOf(state)
      if (phaseOf(state) !== Phase.ending || actor >= this.#acts.length || returned[actor] !== undefined) continue
      const shared = this.#lookAt(cells, cells.load(cell + ReservationCell.account))
      // Another's it ends because that has expired, and then nothing is spent.
      const isIts = this.map.slotOf(index) === actor || index === this.#indexOf(this.#acts[actor]?.of)
      if (isIts && !shared.published(actor, changeOf(state))) begun += this.#acts[actor]?.actual ?? 0
    }
    return begun
  }

  /** Of what was reserved before the threads began. */
  #indexOf(reserved: number | undefined): number | undefined {
    return reserved === undefined ? undefined : this.#threads * RESERVATIONS + reserved
  }

  /** Once the dead are buried and the forgotten has expired, nothing is reserved, and what was settled is what was spent. */
  #assertConserved(cells: Cells, returned: readonly unknown[]): void {
    const copy = new PrivateCells(cells.length)
    for (let cell = 0; cell < cells.length; cell++) copy.store(cell, cells.load(cell))
    const end = this.#end(copy, this.#threads, { nowMs: () => LEDGER_START_MS + 100 * RESERVATION_MS })
    const begun = this.#begunBy(copy, returned)
    const before = this.#totals(copy)
    returned.forEach((result, thread) => {
      if (result === undefined) this.#bury(copy, end, thread)
    })
    const after = this.#totals(copy)
    if (after !== before + begun)
      throw new Error(`${begun} was about to be settled, and the total grew by ${after - before}`)
    end.expire()
    this.#assertSound(copy)
    const total = this.#totals(copy)
    for (let account = 0; account < this.#accounts; account++) {
      const values = this.record(copy, account)
      const open = this.shape.budgets.findIndex(
        (_, budget) => this.committed(values, budget) !== this.covered(values, budget),
      )
      if (open >= 0) throw new Error(`of budget ${open} something is reserved for ever`)
    }
    const settled = returned.flatMap(settledIn).reduce((sum, amount) => sum + amount, 0)
    const lost = returned.includes(undefined)
    if (lost ? total < settled : total !== settled) throw new Error(`${settled} was settled, and the total is ${total}`)
  }
}

/** Settlements that an act tells of: each `s` and its amount. */
function settledIn(result: unknown): number[] {
  return [...String(result ?? '').matchAll(/s(\d+)/g)].map(([, amount]) => Number(amount))
}

export function threadIdOf(thread: number): number {
  return thread + 1
}
