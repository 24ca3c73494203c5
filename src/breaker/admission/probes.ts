import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import { State } from '../life/control-word.js'
import type { Beginning, Lifecycle } from '../life/lifecycle.js'
import { Reason } from '../life/transition-log.js'
import type { Configuration } from '../options.js'
import type { MemoryMap } from '../storage/memory-map.js'
import type { Tally } from '../tally.js'
import { Counter, type Outcome } from '../threads/counters.js'
import type { WindowMeasure } from '../window.js'
import { LeaseOutcome, Leases } from './leases.js'

/** All permissions are taken. */
export const NO_CLAIM = 0

/** What the probes of a half-open life came to so far. */
interface Conclusion {
  /** The state that follows; half-open while that is open. */
  readonly state: number
  readonly measure: WindowMeasure
}

/** The rules of a half-open circuit, over the leases that are its permissions. */
export class Probes {
  readonly #leases: Leases

  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly lifecycle: Lifecycle,
    slot: number,
    private readonly clock: Clock,
    private readonly tally: Tally,
  ) {
    this.#leases = new Leases(cells, map, lifecycle.words, slot)
  }

  /** Which lease the last claim took. */
  get claimedIndex(): number {
    return this.#leases.claimedIndex
  }

  /** Ends `life` and begins a half-open one. Returns false if another thread was first. */
  begin(life: number, reason: number, measure: WindowMeasure, how?: Beginning): boolean {
    // Not what `life` itself has: it may be half-open, as when the rules change, and is in force until the next begins.
    this.#leases.wipe(life)
    return this.lifecycle.begin(life, State.halfOpen, reason, measure, how)
  }

  /** A claim of a lease, `NO_CLAIM` if all are taken, or undefined if the life is over. */
  ask(life: number, configuration: Configuration): number | undefined {
    if (this.#giveUpWaiting(life, configuration)) return undefined
    const claim = this.#claim(life, configuration)
    // All are taken. If they are decided and nobody drew the conclusion, its thread died before it could.
    if (claim === NO_CLAIM) return this.#conclude(life, configuration, undefined) ? undefined : NO_CLAIM
    if (this.cells.load(this.map.control) === life) return claim
    this.#leases.giveBack(this.#leases.claimedIndex, claim)
    return undefined
  }

  giveBack(lease: number, claim: number): void {
    this.#leases.giveBack(lease, claim)
  }

  /** Reports a probe of `life`. Returns false if that is over, or its lease was taken from it: the result is stale. */
  report(life: number, lease: number, claim: number, outcome: Outcome, slow: boolean): boolean {
    if (this.cells.load(this.map.control) !== life || !this.lifecycle.look(life)) return false
    const { configuration } = this.lifecycle
    if (this.#giveUpWaiting(life, configuration)) return false
    return this.#settle(lease, claim, outcome, slow)
  }

  /** Draws the conclusion after a report that counts. */
  conclude(life: number, error: unknown): void {
    this.#conclude(life, this.lifecycle.configuration, error)
  }

  #claim(life: number, configuration: Configuration): number {
    const { permittedNumberOfCallsInHalfOpenState: permitted, leaseDurationMs } = configuration
    const now = this.clock.nowMs()
    const claim = this.#leases.claim(life, permitted, now + leaseDurationMs)
    if (claim !== NO_CLAIM) return claim
    const holders = this.#leases.reclaimExpired(life, permitted, now, leaseDurationMs)
    if (holders.length === 0) return claim
    const claimed = this.#leases.claim(life, permitted, now + leaseDurationMs)
    const { claimedIndex } = this.#leases
    for (const slot of holders) this.tally.leaseReclaimed(life, slot)
    this.#leases.claimedIndex = claimedIndex
    return claimed
  }

  #settle(lease: number, claim: number, outcome: Outcome, slow: boolean): boolean {
    if (outcome === Counter.ignored) return this.#leases.giveBack(lease, claim)
    if (outcome === Counter.success) {
      return this.#leases.report(lease, claim, slow ? LeaseOutcome.slowSuccess : LeaseOutcome.success)
    }
    return this.#leases.report(lease, claim, slow ? LeaseOutcome.slowFailure : LeaseOutcome.failure)
  }

  /** Ends a life that has been half-open for as long as it may be. Returns true if it is over. */
  #giveUpWaiting(life: number, configuration: Configuration): boolean {
    const { maxWaitDurationInHalfOpenStateMs: longest, transitionToStateAfterWaitDuration } = configuration
    if (longest === 0 || this.clock.nowMs() < this.lifecycle.life.beganMs + longest) return false
    const state = transitionToStateAfterWaitDuration === 'open' ? State.open : State.closed
    this.lifecycle.begin(life, state, Reason.probesUndecided, this.#conclusion(life, configuration).measure)
    return true
  }

  /** Ends a half-open life as soon as the probes still out can't change how. Returns true if it is over. */
  #conclude(life: number, configuration: Configuration, error: unknown): boolean {
    if (!this.lifecycle.look(life)) return true
    const { state, measure } = this.#conclusion(life, configuration)
    if (state === State.halfOpen) return false
    const reason = state === State.open ? Reason.probesFailed : Reason.probesSucceeded
    this.lifecycle.begin(life, state, reason, measure, { error })
    return true
  }

  /** What follows, as soon as the probes still out can't change it. */
  #conclusion(life: number, configuration: Configuration): Conclusion {
    const { permittedNumberOfCallsInHalfOpenState: permitted, failureRateThreshold } = configuration
    const judgesSlow = configuration.slowCallDurationThresholdMs !== undefined
    const slowRateThreshold = judgesSlow ? configuration.slowCallRateThreshold : Number.POSITIVE_INFINITY
    const measure = this.#leases.count(life, permitted)
    const { calls, failures, slow } = measure
    const failed = failures / permitted >= failureRateThreshold || slow / permitted >= slowRateThreshold
    if (failed) return { state: State.open, measure }
    const certain =
      (permitted - (calls - failures)) / permitted < failureRateThreshold &&
      (permitted - (calls - slow)) / permitted < slowRateThreshold
    return { state: certain ? State.closed : State.halfOpen, measure }
  }
}
