import { AttachError, ConfigurationError } from '../../breaker/errors.js'
import type { BreakerOptions, Rules } from '../../breaker/options.js'
import { BreakerRegistry, type RegistryHandle } from '../../breaker/registry/breaker-registry.js'
import type { AuditNames } from '../audit/audit-export.js'
import type { AuditReader, AuditReaderOptions } from '../audit/audit-reader.js'
import type { BudgetAccount } from '../ledger/budget-account.js'
import type { BudgetLedger } from '../ledger/budget-ledger.js'
import { CostCircuitBreaker, circuitOptions } from './cost-circuit-breaker.js'
import { CostControl } from './cost-control.js'
import { ledgerGiven, memoryOfManager } from './new-costs.js'
import type { CostControlHandle, CostOptions, CostThreadOptions, CostWorld } from './options.js'
import { type CostAmounts, type CostCallCounts, callCounts, costAmounts } from './snapshot.js'

const BREAKERS_MAX = 4096
const THREADS = 16

export interface CostManagerOptions extends CostOptions {
  /** How many named breakers there can be, 1 to 4,096. Default 100. */
  readonly breakers?: number | undefined
  /** What their circuits decide by, if their creator says nothing else. */
  readonly circuits?: Omit<BreakerOptions, 'name' | 'maxThreads'> | undefined
}

/** What another thread needs to attach. Structured-cloneable; its memory is shared, not copied. */
export interface CostManagerHandle {
  readonly control: CostControlHandle
  readonly registry: RegistryHandle
}

/** All breakers of a manager together. */
export interface CostTotals {
  readonly breakers: number
  readonly accounts: number
  readonly calls: CostCallCounts
  readonly cost: CostAmounts
}

/**
 * Many named cost breakers over common budgets: a circuit and counters for each, one ledger, one set of rules, one estimator and one audit
 * for all. A breaker is created by whichever thread asks for it first, and so is an account.
 *
 * Each object is one thread's end of the manager.
 */
export class CostManager {
  readonly handle: CostManagerHandle
  readonly ledger: BudgetLedger
  readonly #registry: BreakerRegistry
  readonly #control: CostControl
  readonly #breakers = new Map<string, CostCircuitBreaker>()

  private constructor(
    handle: CostManagerHandle,
    registry: BreakerRegistry,
    private readonly options: CostThreadOptions,
    world: CostWorld,
    givenLedger: BudgetLedger | undefined,
  ) {
    this.handle = handle
    this.#registry = registry
    this.#control = new CostControl(handle.control, options, world, givenLedger)
    this.ledger = this.#control.ledger
  }

  /** A new manager. Throws a `ConfigurationError` that names the field, the value and what is allowed. */
  static create(options: CostManagerOptions & CostThreadOptions, world: CostWorld = {}): CostManager {
    const breakers = options.breakers ?? 100
    if (!Number.isInteger(breakers) || breakers < 1 || breakers > BREAKERS_MAX) {
      throw new ConfigurationError('breakers', breakers, `a whole number from 1 to ${BREAKERS_MAX}`)
    }
    const control = memoryOfManager(options, breakers, THREADS, world)
    const registry = BreakerRegistry.create(
      { capacity: breakers, maxThreads: control.settings.slots, defaults: options.circuits ?? {} },
      world,
    )
    registry.detach()
    return CostManager.#attachTo({ control, registry: registry.handle }, options, world, ledgerGiven(options))
  }

  /** This thread's end of an existing manager. Throws an `AttachError`, a `LedgerError`, or a `ConfigurationError` for a function. */
  static attach(handle: CostManagerHandle, options: CostThreadOptions, world: CostWorld = {}): CostManager {
    if (!(handle?.control?.buffer instanceof SharedArrayBuffer)) {
      throw new AttachError('ERR_NOT_A_BREAKER', 'attach needs the handle of a cost manager: { control, registry }')
    }
    return CostManager.#attachTo(handle, options, world)
  }

  static #attachTo(
    handle: CostManagerHandle,
    options: CostThreadOptions,
    world: CostWorld,
    ledger?: BudgetLedger,
  ): CostManager {
    const registry = BreakerRegistry.attach(handle.registry, circuitOptions(options), world)
    try {
      return new CostManager(handle, registry, options, world, ledger)
    } catch (error) {
      registry.detach()
      throw error
    }
  }

  /**
   * This thread's end of the breaker of that name, the same object each time; created if no thread has asked for it yet, its circuit with
   * `rules` in place of those of `circuits`. Throws as `BreakerRegistry.breaker`.
   */
  breaker(name: string, rules: Rules = {}): CostCircuitBreaker {
    const known = this.#breakers.get(name)
    if (known) return known
    const circuit = this.#registry.breaker(name, rules)
    // The place in the list is for ever, and less than the capacity.
    const index = this.#registry.names().indexOf(name)
    const breaker = new CostCircuitBreaker(this.#control, circuit, index, this.options, false)
    this.#breakers.set(name, breaker)
    return breaker
  }

  /** Whether any thread has created a breaker of that name. */
  has(name: string): boolean {
    return this.#registry.has(name)
  }

  /** The names of all breakers, whichever thread created them. */
  names(): string[] {
    return this.#registry.names()
  }

  /** The account of that key, opened if it is not yet. Throws a `LedgerError` if there is no room for one more. */
  account(key: string): BudgetAccount {
    return this.ledger.account(key)
  }

  /** The account of the common budgets; undefined if there are none. */
  commonAccount(): BudgetAccount | undefined {
    return this.#control.commonAccount
  }

  /** The sums of all breakers over all threads. Makes this thread attach to each of the circuits. */
  totals(): CostTotals {
    const names = this.names()
    const sums = this.#control.sums(names.keys())
    const refused = names.reduce((sum, name) => sum + this.breaker(name).circuit.snapshot().total.refused, 0)
    return {
      breakers: names.length,
      accounts: this.ledger.keys().length,
      calls: callCounts(sums, refused),
      cost: costAmounts(sums),
    }
  }

  /** As that of a breaker, for all of them. */
  declareEmergency(forMs: number): void {
    this.#control.declareEmergency(forMs)
  }

  endEmergency(): void {
    this.#control.endEmergency()
  }

  /** Reads what was decided, in order, whichever thread decided it, of whichever breaker. */
  auditReader(options?: AuditReaderOptions): AuditReader {
    return this.#control.auditReader(options)
  }

  auditNames(): AuditNames {
    return this.#control.auditNames()
  }

  /** Tells that a thread has ended, if nobody attached created it. Never of a thread that still runs. */
  releaseThread(endedThreadId: number): void {
    this.#registry.releaseThread(endedThreadId)
    this.#control.releaseThread(endedThreadId)
  }

  /** Ends this thread's part in all the breakers. What calls under way cost is still charged. */
  detach(): void {
    this.#registry.detach()
    this.#control.detach()
  }
}
