import { neverUsed, type SlotClaim } from '../../breaker/threads/thread-slots.js'
import { loadAmount } from '../../memory/amount.js'
import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import { intentOf, OwnIntent } from './intent.js'
import { IntentCell, type LedgerMap, ReservationCell } from './ledger-map.js'
import { type Amounts, FITS, type RecordShape } from './record.js'
import {
  actorOf,
  changeOf,
  deadlineAt,
  freed,
  heldState,
  idOf,
  indexIn,
  Phase,
  phaseOf,
  type ReservationId,
  Reservations,
  stateWith,
} from './reservations.js'
import { SharedAccount } from './shared-account.js'

/** What the rules of a ledger are, beside its budgets. */
export interface LedgerRules {
  /** How long a reservation holds, in milliseconds. */
  readonly reservationMs: number
  /** Whether one that expires counts as spent. */
  readonly chargeExpired: boolean
}

/** Why `reserve` gave none: the budget that has no room, by its place; or that this thread holds as many as it may. */
export const NO_RESERVATION_LEFT = -2

/** What `settle` gives of a reservation that had expired, or was ended before. */
export const LATE = -1

/**
 * The synchronous whole of one thread's part in a ledger: reserve, settle, release, expire, and finish what a dead thread had begun.
 *
 * Why nothing is overspent. What is committed grows in one place, a compareExchange from a record whose budgets had room.
 * Why no cent is lost. A reservation is counted in the record from the change that its `reserving` announces until the change that its `ending`
 * announces; each of the two is made once, since one thread alone may make it, and whoever finishes for a dead
 * one first asks whether it was made (`SharedAccount.published`).
 *
 * Nothing waits. A change is tried again only when another thread's took place.
 */
export class LedgerEnd {
  /** After a `reserve` that gave none: the place of the budget that refused, or `NO_RESERVATION_LEFT`. */
  refusedBy = FITS
  readonly #accounts: SharedAccount[] = []
  readonly #reservations: Reservations
  readonly #intent: OwnIntent
  /** Before this no reservation expires: what is reserved later has a later deadline. */
  #nextExpiryMs = 0

  /** Above the ids of all reservations. */
  readonly reservationsEnd: number

  constructor(
    private readonly cells: Cells,
    private readonly map: LedgerMap,
    private readonly shape: RecordShape,
    private readonly rules: LedgerRules,
    private readonly slot: number,
    private readonly clock: Clock,
  ) {
    this.reservationsEnd = idOf(map.sizes.slots * map.sizes.reservations, 0)
    this.#reservations = new Reservations(cells, map, slot, map.intent(slot) + IntentCell.used)
    this.#intent = new OwnIntent(cells, map, slot)
  }

  /** Reserves so much of every budget of the account, or of none: then 0, and `refusedBy` says why. */
  reserve(account: number, amount: number): ReservationId {
    const nowMs = this.clock.nowMs()
    const shared = this.#accounts[account] ?? this.#account(account)
    if (!this.#reservesAtHand(shared, amount, nowMs) && !this.#reserves(shared, amount, nowMs)) return 0
    const own = this.#reservations.take()
    if (own === undefined) {
      this.refusedBy = NO_RESERVATION_LEFT
      return 0
    }
    const { cell, free } = own
    const deadline = deadlineAt(nowMs + this.rules.reservationMs)
    if (own.amount !== amount || own.deadline !== deadline || own.account !== account) {
      this.#reservations.describe(own, account, amount, deadline)
    }
    this.#intent.reserving(own.index)
    this.cells.store(cell, stateWith(free, Phase.reserving, this.slot, shared.nextSequence))
    while (!shared.publish()) {
      if (this.#reserves(shared, amount, nowMs, false)) continue
      this.cells.store(cell, free)
      this.#reservations.giveBack(own, free)
      return 0
    }
    this.cells.store(cell, stateWith(free, Phase.held, this.slot))
    return idOf(own.index, free)
  }

  /**
   * Ends a reservation: so much was spent. Returns how much of it some budget had no room for, or `LATE` if the reservation has ended
   * already: then nothing was done.
   */
  settle(id: ReservationId, actual: number): number {
    const index = indexIn(id)
    return this.#end(index, heldState(id, this.map.slotOf(index)), actual)
  }

  /** Counts what was spent without a reservation. Returns how much some budget had no room for. */
  charge(account: number, actual: number): number {
    return this.#spend(this.#accounts[account] ?? this.#account(account), 0, actual)
  }

  /** Ends reservations whose deadline has passed. Returns whether there were any. */
  expire(nowMs = this.clock.nowMs()): boolean {
    if (nowMs < this.#nextExpiryMs) return false
    let next = nowMs + this.rules.reservationMs
    let some = false
    const { slots, reservations } = this.map.sizes
    for (let slot = 0; slot < slots && !neverUsed(this.cells, this.map, slot); slot++) {
      const used = this.cells.load(this.map.intent(slot) + IntentCell.used)
      for (let index = slot * reservations; index < slot * reservations + used; index++) {
        const cell = this.map.reservation(index)
        const state = this.cells.load(cell)
        if (phaseOf(state) !== Phase.held) continue
        const remainingMs = this.#reservations.remainingMs(cell, nowMs)
        if (remainingMs > 0) next = Math.min(next, nowMs + remainingMs)
        else if (this.#end(index, state, this.rules.chargeExpired ? this.#amountOf(index) : 0) !== LATE) some = true
      }
    }
    this.#nextExpiryMs = next
    return some
  }

  /** The record of an account, its periods as they are now. */
  read(account: number): Amounts {
    const shared = this.#accounts[account] ?? this.#account(account)
    shared.read()
    this.shape.advance(shared.values, this.clock.nowMs())
    return shared.values
  }

  /**
   * Changes an account's figures in one step: `change` is given the record in force, its periods as they are now, and says whether to
   * go on. It may be asked again.
   */
  change(account: number, change: (values: Amounts) => boolean): boolean {
    const shared = this.#accounts[account] ?? this.#account(account)
    do {
      shared.read()
      this.shape.advance(shared.values, this.clock.nowMs())
      if (!change(shared.values)) return false
      shared.changedRarely()
    } while (!shared.publish())
    return true
  }

  /**
   * Finishes what a thread that has ended was about to do. Its reservations stay until they expire. May be done by several threads, and
   * again: `claim` must still be the slot's, so before the slot is given to another thread.
   */
  finish(claim: SlotClaim): void {
    const { reservation, actual } = intentOf(this.cells, this.map, claim.slot)
    const cell = this.map.reservation(reservation)
    const state = this.cells.load(cell)
    const phase = phaseOf(state)
    const account = this.#accountOf(reservation)
    // Only now, when all is read: it was the dead thread's.
    if (this.cells.load(this.map.owner(claim.slot)) !== claim.generation) return
    if (actorOf(state) !== claim.slot || (phase !== Phase.reserving && phase !== Phase.ending)) return
    const published = (this.#accounts[account] ?? this.#account(account)).published(claim.slot, changeOf(state))
    if (phase === Phase.reserving) {
      const outcome = published ? stateWith(state, Phase.held, claim.slot) : freed(state)
      this.cells.compareExchange(cell, state, outcome)
    } else if (published) {
      this.cells.compareExchange(cell, state, freed(state))
    } else {
      this.#end(reservation, state, actual)
    }
  }

  /** Takes over a reservation in that very state and ends it. Returns the overrun, or `LATE` if it is in another. */
  #end(index: number, state: number, actual: number): number {
    const own = this.#reservations.own(index)
    const account = own ? own.account : this.#accountOf(index)
    const shared = this.#accounts[account] ?? this.#account(account)
    const cell = this.map.reservation(index)
    this.#intent.ending(index, actual)
    const ending = stateWith(state, Phase.ending, this.slot, shared.nextSequence)
    if (this.cells.compareExchange(cell, state, ending) !== state) return LATE
    const overrun = this.#spend(shared, own ? own.amount : this.#amountOf(index), actual)
    const free = freed(state)
    this.cells.store(cell, free)
    if (own) this.#reservations.giveBack(own, free)
    return overrun
  }

  #spend(shared: SharedAccount, reserved: number, actual: number): number {
    shared.recall()
    for (;;) {
      const overrun = this.shape.settle(shared.values, reserved, actual)
      if (overrun > 0) shared.changedRarely()
      if (shared.publish()) return overrun
      shared.read()
    }
  }

  /** Reserves in the record at hand, if its periods are those of now and it has room. */
  #reservesAtHand(shared: SharedAccount, amount: number, nowMs: number): boolean {
    shared.recall()
    return this.shape.isCurrent(shared.values, nowMs) && this.shape.reserve(shared.values, amount) === FITS
  }

  /** Reserves in the record in force, if it has room, or has once what has expired is ended. */
  #reserves(shared: SharedAccount, amount: number, nowMs: number, mayExpire = true): boolean {
    shared.read()
    if (this.shape.advance(shared.values, nowMs)) shared.changedRarely()
    this.refusedBy = this.shape.reserve(shared.values, amount)
    if (this.refusedBy === FITS) return true
    return mayExpire && this.expire(nowMs) && this.#reserves(shared, amount, nowMs, false)
  }

  #accountOf(index: number): number {
    return this.cells.load(this.map.reservation(index) + ReservationCell.account)
  }

  #amountOf(index: number): number {
    return loadAmount(this.cells, this.map.reservation(index) + ReservationCell.amount)
  }

  #account(account: number): SharedAccount {
    const shared = new SharedAccount(this.cells, this.map, account, this.slot, this.shape.often)
    this.#accounts[account] = shared
    return shared
  }
}
