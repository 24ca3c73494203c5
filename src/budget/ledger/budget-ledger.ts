import { threadId } from 'node:worker_threads'
import { DetachedError } from '../../breaker/errors.js'
import { NameList } from '../../breaker/registry/name-list.js'
import { checkName } from '../../breaker/registry/name-text.js'
import { supervise, unsupervise } from '../../breaker/threads/supervisor.js'
import { claimSlot, claimsOfThread, releaseSlot, type SlotClaim } from '../../breaker/threads/thread-slots.js'
import { AtomicCells } from '../../memory/atomic-cells.js'
import { type Clock, wallClock } from '../../world/clock.js'
import { periodOf } from '../period/period.js'
import { BudgetAccount } from './budget-account.js'
import { LedgerError } from './errors.js'
import { LedgerEnd } from './ledger-end.js'
import type { LedgerMap } from './ledger-map.js'
import { checkLedger, initializeAccount, initializeLedger, mapOf } from './ledger-region.js'
import type { LedgerHandle, LedgerOptions, ResolvedLedger } from './options.js'
import { RecordShape } from './record.js'
import { resolveLedgerOptions } from './resolve-options.js'

/** Where a ledger's time comes from; for tests. Wall time in milliseconds since 1970, as its budgets follow the calendar. */
export interface LedgerWorld {
  readonly clock?: Clock
}

export const DEFAULT_ACCOUNT = 'default'

/**
 * Budgets that no thread can overspend: accounts in shared memory, each with the same budgets.
 *
 * Each object is one thread's end of the ledger. No call waits for another thread, and a thread may die at any point of any call.
 */
export class BudgetLedger {
  readonly name: string
  readonly handle: LedgerHandle
  readonly clock: Clock
  readonly #cells: AtomicCells
  readonly #map: LedgerMap
  readonly #shape: RecordShape
  readonly #claim: SlotClaim
  readonly #end: LedgerEnd
  readonly #names: NameList
  readonly #accounts = new Map<string, BudgetAccount>()
  #attached = true

  private constructor(
    cells: AtomicCells,
    ledger: ResolvedLedger,
    shape: RecordShape,
    map: LedgerMap,
    world: LedgerWorld,
  ) {
    this.name = ledger.name
    this.handle = { buffer: cells.buffer, ledger }
    this.clock = world.clock ?? wallClock
    this.#cells = cells
    this.#map = map
    this.#shape = shape
    this.#claim = claimSlot(cells, map, threadId)
    const rules = { reservationMs: ledger.reservationMs, chargeExpired: ledger.expired === 'charge' }
    this.#end = new LedgerEnd(cells, map, shape, rules, this.#claim.slot, this.clock)
    this.#names = new NameList(cells, map, threadId, (key, capacity) => {
      return new LedgerError('ERR_LEDGER_FULL', `no room for account "${key}": ledger "${ledger.name}" has ${capacity}`)
    })
    supervise(this)
  }

  /** A new ledger. Throws a `ConfigurationError` that names the field, the value and what is allowed. */
  static create(options: LedgerOptions, world: LedgerWorld = {}): BudgetLedger {
    const ledger = resolveLedgerOptions(options)
    const shape = shapeOf(ledger)
    const map = mapOf(ledger, shape)
    const cells = AtomicCells.allocate(map.size)
    initializeLedger(cells, map, ledger)
    return new BudgetLedger(cells, ledger, shape, map, world)
  }

  /** This thread's end of an existing ledger. Throws a `LedgerError`, or an `AttachError` if there is no room for one more thread. */
  static attach(handle: LedgerHandle, world: LedgerWorld = {}): BudgetLedger {
    if (!(handle?.buffer instanceof SharedArrayBuffer) || !handle.ledger) {
      throw new LedgerError('ERR_NOT_A_LEDGER', 'attach needs the handle of a ledger: { buffer, ledger }')
    }
    const cells = new AtomicCells(handle.buffer)
    const shape = shapeOf(handle.ledger)
    const map = mapOf(handle.ledger, shape)
    checkLedger(cells, map, handle.ledger)
    return new BudgetLedger(cells, handle.ledger, shape, map, world)
  }

  /** The account of that key, opened if it is not yet. Throws a `LedgerError` if there is no room for one more. */
  account(key: string = DEFAULT_ACCOUNT): BudgetAccount {
    this.#assertAttached()
    const open = this.#accounts.get(key)
    if (open) return open
    checkName(key)
    const index = this.#names.find(key) ?? this.#open(key)
    const account = new BudgetAccount(key, index, this.handle.ledger.budgets, this.#shape, this.#end, this.clock)
    this.#accounts.set(key, account)
    return account
  }

  /** The keys of all accounts that were opened, by whatever thread. */
  keys(): string[] {
    return this.#names.names()
  }

  /** Ends reservations whose deadline has passed. A call that would be refused does so itself. */
  expire(): void {
    this.#assertAttached()
    this.#end.expire()
  }

  /**
   * Tells the ledger that a thread has ended, if nobody attached created it: finishes what it was about to do. What it reserved comes
   * back when it expires.
   */
  releaseThread(endedThreadId: number): void {
    if (endedThreadId < 0 || !this.#attached) return
    for (const claim of claimsOfThread(this.#cells, this.#map, endedThreadId)) {
      this.#end.finish(claim)
      releaseSlot(this.#cells, this.#map, claim, () => undefined)
    }
    this.#names.releaseThread(endedThreadId)
  }

  /** Gives this thread's slot back. Its reservations can be settled by others, or expire. */
  detach(): void {
    if (!this.#attached) return
    this.#attached = false
    unsupervise(this)
    releaseSlot(this.#cells, this.#map, this.#claim, () => undefined)
  }

  #open(key: string): number {
    return this.#names.create(key, (account) => {
      initializeAccount(this.#cells, this.#map, account, this.#shape.initial(this.clock.nowMs()))
    })
  }

  #assertAttached(): void {
    if (!this.#attached) throw new DetachedError(this.name)
  }
}

function shapeOf({ budgets }: ResolvedLedger): RecordShape {
  return new RecordShape(
    budgets.map((budget) => ({ period: periodOf(budget), blocking: budget.blocking, opening: budget.opening })),
  )
}
