import { AttachError } from '../../breaker/errors.js'
import type { CallOptions } from '../../breaker/guarded-call.js'
import type { ThreadOptions } from '../../breaker/options.js'
import { SharedCircuitBreaker } from '../../breaker/shared-circuit-breaker.js'
import type { AuditNames } from '../audit/audit-export.js'
import type { AuditReader, AuditReaderOptions } from '../audit/audit-reader.js'
import type { BudgetLedger } from '../ledger/budget-ledger.js'
import { ActualCost } from './actual-cost.js'
import { type CostState, costState } from './budget-state.js'
import type { SyncCostContext } from './charged-run.js'
import { CostCalls } from './cost-calls.js'
import { CostControl } from './cost-control.js'
import type { CostReservation } from './cost-reservation.js'
import { isCostRefusal } from './errors.js'
import { ledgerGiven, memoryOfBreaker } from './new-costs.js'
import { NotStarted } from './not-started.js'
import type {
  CostAction,
  CostBreakerOptions,
  CostExecuteOptions,
  CostHandle,
  CostRequest,
  CostThreadOptions,
  CostWorld,
} from './options.js'
import { type CostSnapshot, callCounts, costAmounts } from './snapshot.js'
import { StateWatch } from './state-watch.js'

/**
 * A shared circuit breaker whose calls cost money: each is estimated, reserved of every budget that it is charged to, run, and settled
 * with what it did cost. Budgets are exact over all threads; rules say what is done before they are used up.
 *
 * Each object is one thread's end of the same breaker. No call waits for another thread, and a thread may die at any point of any call.
 */
export class CostCircuitBreaker {
  readonly name: string
  readonly handle: CostHandle
  /** The circuit itself: its transitions and events, and what an operator does to it. */
  readonly circuit: SharedCircuitBreaker
  /** The budgets, by account. */
  readonly ledger: BudgetLedger
  readonly #control: CostControl
  readonly #calls: CostCalls

  /** Made by `create`, `attach` or a `CostManager`. */
  constructor(
    control: CostControl,
    circuit: SharedCircuitBreaker,
    index: number,
    options: CostThreadOptions,
    /** Whether the control is this breaker's alone, and ends with it. */
    private readonly ownsControl: boolean,
  ) {
    this.name = circuit.name
    this.handle = { control: control.handle, circuit: circuit.handle, index }
    this.circuit = circuit
    this.ledger = control.ledger
    this.#control = control
    const { onStateChange } = options
    const watch = onStateChange && new StateWatch(this.name, () => this.state, onStateChange, control.clock)
    const costs = new ActualCost(this.name, options)
    this.#calls = new CostCalls(circuit, control, control.counters(index), costs, watch)
  }

  /** A new breaker. Throws a `ConfigurationError` that names the field, the value and what is allowed. */
  static create(options: CostBreakerOptions & CostThreadOptions, world: CostWorld = {}): CostCircuitBreaker {
    return attachTo(memoryOfBreaker(options, world), options, world, ledgerGiven(options))
  }

  /** This thread's end of an existing breaker. Throws an `AttachError`, a `LedgerError`, or a `ConfigurationError` for a function. */
  static attach(handle: CostHandle, options: CostThreadOptions, world: CostWorld = {}): CostCircuitBreaker {
    if (!(handle?.control?.buffer instanceof SharedArrayBuffer)) {
      throw new AttachError(
        'ERR_NOT_A_BREAKER',
        'attach needs the handle of a cost breaker: { control, circuit, index }',
      )
    }
    return attachTo(handle, options, world)
  }

  /** The circuit's state at this moment; of a closed circuit, that of the budgets of a call that names no account. */
  get state(): CostState {
    return this.#stateOf(this.#control.planner.defaults())
  }

  /** The same as seen by a call that names these accounts. */
  stateOf(...accounts: string[]): CostState {
    return this.#stateOf(this.#control.planner.accountsOf(accounts))
  }

  /**
   * Estimates the call, asks circuit, rules and budgets, runs `action`, and charges what it has cost: what it said by `settle`, or else
   * `costOf` its result, or else the estimate; if it failed, `costOfError`, or else nothing.
   *
   * Rejects with what the action rejects with; with a `CallNotPermittedError` of the circuit, a `CostRefusedError` of a rule or a
   * `BudgetExceededError`, and then the action was not run; with a `CallTimeoutError`; with an `UnknownOperationError` or a
   * `ConfigurationError` for the request. An action that takes nothing gets no context, and none is made. A call that a throttle puts off
   * waits for a timer, and one whose room a durable ledger has still to grant waits for that, at most `grantLimitMs`; neither is part of its timeout.
   */
  execute<T, F = never>(action: CostAction<T>, options: CostExecuteOptions<F>): Promise<T | F> {
    return this.#calls.execute(action, options)
  }

  /** As `execute`, for an action that returns when it is done. What would have to wait is refused, with `retryAfterMs`. */
  executeSync<T, F = never>(
    action: (context: SyncCostContext) => T,
    options: CostRequest & Pick<CallOptions<F>, 'fallback'>,
  ): T | F {
    return this.#calls.executeSync(action, options)
  }

  /** The first of two steps: a permission and the money, for a call that the caller makes and ends itself. Throws as `executeSync`. */
  reserve(request: CostRequest): CostReservation {
    return this.#calls.reserve(request)
  }

  /** The whole breaker at a glance. Changes nothing, but for opening the accounts of calls that name none. */
  snapshot(): CostSnapshot {
    const control = this.#control
    const { settings } = control.handle
    const sums = control.sums([this.handle.index])
    const circuit = this.circuit.snapshot()
    const accounts = control.planner.defaults().map((account) => account.status())
    const operations = settings.estimator.operations
    return {
      name: this.name,
      state: costState(circuit.state, accounts, settings.budgetLimitedFrom),
      calls: callCounts(sums, circuit.total.refused),
      cost: costAmounts(sums),
      circuit,
      accounts,
      rulesInForce: control.gate.rules.inForce(),
      accuracy: Object.fromEntries(operations.map(({ name }) => [name, control.estimator.accuracyOf(name)])),
      isEmergency: control.isEmergency,
    }
  }

  /**
   * For so many milliseconds, rounded up to seconds, every call of every thread is an emergency: rules that have an emergency override let it
   * through. Budgets don't. Audited, as is each call that it lets through.
   */
  declareEmergency(forMs: number): void {
    this.#control.declareEmergency(forMs)
  }

  endEmergency(): void {
    this.#control.endEmergency()
  }

  /** Reads what was decided, in order, whichever thread decided it. */
  auditReader(options?: AuditReaderOptions): AuditReader {
    return this.#control.auditReader(options)
  }

  /** What the numbers in audit records mean, as of now: for `auditLines` and `writeAudit`. */
  auditNames(): AuditNames {
    return this.#control.auditNames()
  }

  /** Tells that a thread has ended, if nobody attached created it. Never of a thread that still runs. */
  releaseThread(endedThreadId: number): void {
    this.circuit.releaseThread(endedThreadId)
    this.#control.releaseThread(endedThreadId)
  }

  /**
   * Ends this thread's part. Calls that are under way count for the circuit no more; what they cost is still charged, and this thread's
   * slot is given back with the last of them.
   */
  detach(): void {
    this.circuit.detach()
    if (this.ownsControl) this.#control.detach()
  }

  #stateOf(accounts: ReturnType<CostControl['planner']['defaults']>): CostState {
    const { budgetLimitedFrom } = this.#control.handle.settings
    const circuit = this.circuit.state
    // Only a closed circuit leaves it to the budgets.
    const statuses = circuit === 'closed' ? accounts.map((account) => account.status()) : []
    return costState(circuit, statuses, budgetLimitedFrom)
  }
}

function attachTo(
  handle: CostHandle,
  options: CostThreadOptions,
  world: CostWorld,
  ledger?: BudgetLedger,
): CostCircuitBreaker {
  const control = new CostControl(handle.control, options, world, ledger)
  let circuit: SharedCircuitBreaker | undefined
  try {
    circuit = SharedCircuitBreaker.attach(handle.circuit, circuitOptions(options), world)
    return new CostCircuitBreaker(control, circuit, handle.index, options, true)
  } catch (error) {
    circuit?.detach()
    control.detach()
    throw error
  }
}

/** What a circuit is given of a thread's options: what was not started for cost, or was refused by an inner cost breaker, counts as nothing. */
export function circuitOptions({
  recordError,
  ignoreError,
  recordResult,
  waitIntervalFunction,
}: CostThreadOptions): ThreadOptions {
  return {
    ...(recordError && { recordError }),
    ...(recordResult && { recordResult }),
    ...(waitIntervalFunction && { waitIntervalFunction }),
    ignoreError: (error) => error instanceof NotStarted || isCostRefusal(error) || ignoreError?.(error) === true,
  }
}
