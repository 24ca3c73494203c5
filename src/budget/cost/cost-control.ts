import { threadId } from 'node:worker_threads'
import { ConfigurationError } from '../../breaker/errors.js'
import { LONGEST_MS } from '../../breaker/resolve-options.js'
import { supervise, unsupervise } from '../../breaker/threads/supervisor.js'
import { claimSlot, claimsOfThread, releaseSlot, type SlotClaim } from '../../breaker/threads/thread-slots.js'
import { AtomicCells } from '../../memory/atomic-cells.js'
import { type Clock, wallClock } from '../../world/clock.js'
import type { AuditNames } from '../audit/audit-export.js'
import { AuditLog } from '../audit/audit-log.js'
import { AuditReader, type AuditReaderOptions } from '../audit/audit-reader.js'
import { CostEstimator } from '../estimator/estimator.js'
import type { BudgetAccount } from '../ledger/budget-account.js'
import { BudgetLedger } from '../ledger/budget-ledger.js'
import { CostRules } from '../rules/cost-rules.js'
import { Charge } from './charge.js'
import { CostAudit } from './cost-audit.js'
import { CostCounters, type CostSums, sumOfCosts } from './cost-counters.js'
import { CostMap, checkCosts } from './cost-map.js'
import { NotStarted, type Patience } from './not-started.js'
import type { CostControlHandle, CostThreadOptions, CostWorld } from './options.js'
import { type PlannedCall, Planner } from './planned-call.js'
import { checkThreadOptions } from './resolve-options.js'
import { RuleGate } from './rule-gate.js'

const COMMON_ACCOUNT = 'common'
/** A disk that takes longer than this to write a line is not well. */
const GRANT_LIMIT_MS = 1_000

/**
 * One thread's end of what cost breakers share: budgets, rules, estimator, audit, and a slot to count in.
 *
 * While calls are under way it can't go: after `detach` it ends with the last of them, so that what they cost is still charged.
 */
export class CostControl {
  readonly clock: Clock
  readonly ledger: BudgetLedger
  readonly estimator: CostEstimator
  readonly gate: RuleGate
  readonly audit: CostAudit
  readonly planner: Planner
  /** How long a call of this thread waits for a grant. */
  readonly grantLimitMs: number
  readonly #common: BudgetLedger | undefined
  readonly #cells: AtomicCells
  readonly #map: CostMap
  readonly #claim: SlotClaim
  #underWay = 0
  #state: 'attached' | 'leaving' | 'gone' = 'attached'

  /** Throws an `AttachError` or a `LedgerError` if it can't attach, and a `ConfigurationError` for what a thread may not be given. */
  constructor(
    readonly handle: CostControlHandle,
    options: CostThreadOptions,
    world: CostWorld,
    /** This thread's end of the ledger, if it has one already: then that stays when this goes. */
    private readonly givenLedger?: BudgetLedger,
  ) {
    const { settings } = handle
    checkThreadOptions(options)
    this.grantLimitMs = options.grantLimitMs ?? GRANT_LIMIT_MS
    this.clock = world.wallClock ?? wallClock
    this.#cells = new AtomicCells(handle.buffer)
    this.#map = new CostMap(settings)
    checkCosts(this.#cells, this.#map, settings)
    const { rules: rulesMap, estimator: estimatorMap, audit: auditMap } = this.#map
    const rules = new CostRules(this.#cells, rulesMap, settings.rules, options)
    this.estimator = new CostEstimator(this.#cells, estimatorMap, settings.estimator, options.prices)
    const ruleIndices = new Map(settings.rules.map(({ id }, index) => [id, index]))
    this.audit = new CostAudit(new AuditLog(this.#cells, auditMap), this.clock, ruleIndices)
    this.gate = new RuleGate(rules, settings.rules, this.audit, this.clock)

    const ends: { detach(): void }[] = []
    try {
      this.ledger = givenLedger ?? attachLedger(handle.ledger, this.clock, ends)
      this.#common = handle.common && attachLedger(handle.common, this.clock, ends)
      this.planner = new Planner(settings, this.estimator, this.ledger, this.#common?.account(COMMON_ACCOUNT))
      this.#claim = claimSlot(this.#cells, this.#map, threadId)
    } catch (error) {
      for (const end of ends) end.detach()
      throw error
    }
    supervise(this)
  }

  /** This thread's counters of a breaker. */
  counters(breaker: number): CostCounters {
    return new CostCounters(this.#cells, this.#map, breaker, this.#claim.slot)
  }

  sums(breakers: Iterable<number>): CostSums {
    return sumOfCosts(this.#cells, this.#map, breakers)
  }

  /** The money of a call that rules and budgets let go. Throws a `NotStarted` with why not, and what it may wait for. */
  admit(call: PlannedCall, counters: CostCounters, { isAsked, mayWait }: Patience): Charge {
    try {
      const emergency = call.request.emergency === true || this.isEmergency
      const delayMs = isAsked ? 0 : this.gate.ask(call, emergency, mayWait, counters)
      if (delayMs > 0) throw new NotStarted(undefined, { delayMs })
      return new Charge(call, this, counters, mayWait)
    } catch (error) {
      throw error instanceof NotStarted ? error : new NotStarted(error)
    }
  }

  /** A call has reserved. */
  began(): void {
    this.#underWay += 1
  }

  /** It has settled or released. */
  ended(): void {
    this.#underWay -= 1
    if (this.#state === 'leaving' && this.#underWay === 0) this.#leave()
  }

  /** Whether an emergency was declared that has not ended: then every call is one. */
  get isEmergency(): boolean {
    const untilS = this.#cells.load(this.#map.emergency) >>> 0
    return untilS !== 0 && this.clock.nowMs() < untilS * 1000
  }

  /** Declares an emergency for all threads and breakers, for so many milliseconds, rounded up to seconds. Audited. */
  declareEmergency(forMs: number): void {
    if (!(typeof forMs === 'number' && forMs >= 1 && forMs <= LONGEST_MS)) {
      throw new ConfigurationError('forMs', forMs, `milliseconds from 1 to ${LONGEST_MS}`)
    }
    this.#cells.store(this.#map.emergency, Math.ceil((this.clock.nowMs() + forMs) / 1000) | 0)
    this.audit.write(undefined, 'overridden', 'emergency', 0)
  }

  endEmergency(): void {
    this.#cells.store(this.#map.emergency, 0)
    this.audit.write(undefined, 'alert', 'emergency', 0)
  }

  auditReader(options?: AuditReaderOptions): AuditReader {
    return new AuditReader(this.#cells, this.#map.audit, options)
  }

  /** What the indices of audit records are called, as of now. */
  auditNames(): AuditNames {
    const { rules, estimator } = this.handle.settings
    const accounts: string[] = []
    for (const key of this.ledger.keys()) accounts[this.ledger.account(key).index] = key
    return {
      accounts,
      operations: estimator.operations.map(({ name }) => name),
      rules: rules.map(({ id }) => id),
    }
  }

  get commonAccount(): BudgetAccount | undefined {
    return this.#common?.account(COMMON_ACCOUNT)
  }

  releaseThread(endedThreadId: number): void {
    if (endedThreadId < 0 || this.#state === 'gone') return
    this.ledger.releaseThread(endedThreadId)
    this.#common?.releaseThread(endedThreadId)
    for (const claim of claimsOfThread(this.#cells, this.#map, endedThreadId)) {
      releaseSlot(this.#cells, this.#map, claim, () => undefined)
    }
  }

  detach(): void {
    if (this.#state !== 'attached') return
    this.#state = 'leaving'
    if (this.#underWay === 0) this.#leave()
  }

  #leave(): void {
    this.#state = 'gone'
    unsupervise(this)
    if (!this.givenLedger) this.ledger.detach()
    this.#common?.detach()
    releaseSlot(this.#cells, this.#map, this.#claim, () => undefined)
  }
}

function attachLedger(handle: CostControlHandle['ledger'], clock: Clock, ends: { detach(): void }[]): BudgetLedger {
  const ledger = BudgetLedger.attach(handle, { clock })
  ends.push(ledger)
  return ledger
}
