import type { CallCounts, CircuitState, Configuration, TransitionReason } from '../../../src/index.js'
import type { FakeClock } from '../../fake-clock.js'

/** A call that one of the ends was let make. */
export interface Call {
  readonly end: number
  readonly epoch: number
  readonly beganMs: number
  readonly isProbe: boolean
  readonly hasSeat: boolean
}

export interface Refusal {
  readonly state: CircuitState
  readonly reason: 'circuit' | 'ramp-up' | 'limit'
  readonly retryAfterMs: number
}

export type Outcome = 'success' | 'error' | 'ignored'
type Result = { readonly atMs: number; readonly failed: boolean; readonly slow: boolean }
type Totals = { -readonly [Name in keyof CallCounts]: number }

/**
 * What a breaker does, said for one thread and as plainly as it can be: arrays of calls, and each rule where it applies.
 * Limits: a quorum of 1, no stalled calls, no jitter, no functions of the user's.
 */
export class ReferenceModel {
  epoch = 0
  reason: TransitionReason = 'created'
  sinceMs: number
  /** Until when an open circuit refuses. */
  retryAtMs = Number.NEGATIVE_INFINITY
  /** Until when a closed one admits a share only. */
  rampUpEndsMs = Number.NEGATIVE_INFINITY
  /** What was reported in this life, in that order. */
  results: Result[] = []
  /** Calls of a half-open life that have a permission and did not report. */
  probes: Call[] = []
  /** In which step of the ramp-up each call of this life asked. */
  asked: number[] = []
  /** Calls that did not report, of whatever life. */
  underWay: Call[] = []
  refusal: Refusal | undefined
  readonly totals: Totals[]
  /** How many times the circuit opened since it last recovered, as of the life's beginning. */
  #opened = 0

  constructor(
    public state: CircuitState,
    public rules: Configuration,
    private readonly clock: FakeClock,
    ends: number,
  ) {
    this.sinceMs = clock.nowMs()
    if (state === 'open') this.#open()
    const none = { success: 0, error: 0, ignored: 0, refused: 0, stale: 0, slow: 0 }
    this.totals = Array.from({ length: ends }, () => ({ ...none }))
  }

  get attempt(): number {
    return this.#hasRecovered() ? 0 : this.#opened
  }

  acquire(end: number): Call | undefined {
    const now = this.clock.nowMs()
    if (this.state === 'forced-open') return this.#refuse(end, 'circuit', Number.POSITIVE_INFINITY)
    if (this.state === 'open' && now < this.retryAtMs) return this.#refuse(end, 'circuit', this.retryAtMs)
    if (this.state === 'open') this.#begin('half-open', 'wait-elapsed')

    const limit = this.rules.maxConcurrentCalls
    const hasSeat = limit !== undefined
    if (hasSeat && this.seatsTaken() >= limit) return this.#refuse(end, 'limit', now)
    if (this.#giveUpOnProbes()) return this.acquire(end)

    if (this.state === 'half-open' && !this.#permits()) {
      this.probes = this.probes.filter((probe) => now < probe.beganMs + this.rules.leaseDurationMs)
      if (!this.#permits()) return this.#refuse(end, 'circuit', now)
    }
    if (this.isRampingUp() && !this.#hasShare()) return this.#refuse(end, 'ramp-up', this.rampUpStepEndsMs())

    const call = { end, epoch: this.epoch, beganMs: now, isProbe: this.state === 'half-open', hasSeat }
    this.underWay.push(call)
    if (call.isProbe) this.probes.push(call)
    return call
  }

  /** Returns whether the report counts. If not, it is stale: its life is over, or its permission went to another. */
  report(call: Call, outcome: Outcome): boolean {
    const total = this.totals[call.end] as Totals
    const now = this.clock.nowMs()
    const isFirst = this.underWay.includes(call)
    this.underWay = this.underWay.filter((other) => other !== call)
    if (isFirst && call.isProbe && call.epoch === this.epoch) this.#giveUpOnProbes()
    if (!isFirst || call.epoch !== this.epoch || (call.isProbe && !this.probes.includes(call))) {
      total.stale += 1
      return false
    }
    this.probes = this.probes.filter((probe) => probe !== call)
    total[outcome] += 1
    if (outcome === 'ignored') return true

    const slow = now - call.beganMs >= (this.rules.slowCallDurationThresholdMs ?? Number.POSITIVE_INFINITY)
    if (slow) total.slow += 1
    this.results.push({ atMs: now, failed: outcome === 'error', slow })
    if (this.state === 'half-open') this.#judgeProbes()
    else if (this.state === 'closed') this.#judgeWindow()
    return true
  }

  transitionTo(state: CircuitState, forMs?: number): void {
    if (state !== this.state) this.#begin(state, 'manual', forMs)
  }

  reset(): void {
    this.#begin('closed', 'reset')
  }

  reconfigure(rules: Partial<Configuration>): void {
    const { retryAtMs, rampUpEndsMs } = this
    const opened = this.#opened
    this.#begin(this.state, 'reconfigured')
    this.#opened = opened
    Object.assign(this, { retryAtMs, rampUpEndsMs, rules: { ...this.rules, ...rules } })
  }

  /** What the window holds. */
  measure() {
    const { slidingWindow: window } = this.rules
    const { results } = this
    if (this.state !== 'closed' && this.state !== 'metrics-only') return count([])
    if (window.type === 'consecutive') return count(results.slice(results.findLastIndex(({ failed }) => !failed) + 1))
    if (window.type === 'count') return count(results.slice(-window.size))
    const bucketOf = (atMs: number) => Math.floor(atMs / (window.durationMs / window.buckets))
    const newest = bucketOf(this.clock.nowMs())
    return count(results.filter(({ atMs }) => bucketOf(atMs) > newest - window.buckets))
  }

  seatsTaken(): number {
    return this.underWay.filter(({ hasSeat }) => hasSeat).length
  }

  isRampingUp(): boolean {
    return this.state === 'closed' && this.rules.rampUp !== undefined && this.clock.nowMs() < this.rampUpEndsMs
  }

  rampUpStepEndsMs(): number {
    const { stepDurationMs = 0, shares = [] } = this.rules.rampUp ?? {}
    return this.rampUpEndsMs - (shares.length - 1 - this.#rampUpStep()) * stepDurationMs
  }

  #rampUpStep(): number {
    const { stepDurationMs = 0, shares = [] } = this.rules.rampUp ?? {}
    const stepsLeft = Math.ceil((this.rampUpEndsMs - this.clock.nowMs()) / stepDurationMs)
    return Math.max(0, shares.length - stepsLeft)
  }

  /** Of the calls that ask in one step, so many go that ⌈asked × share⌉ have gone. */
  #hasShare(): boolean {
    const step = this.#rampUpStep()
    const share = this.rules.rampUp?.shares[step] ?? 1
    const before = this.asked.filter((other) => other === step).length
    this.asked.push(step)
    return Math.ceil((before + 1) * share) > Math.ceil(before * share)
  }

  #permits(): boolean {
    return this.probes.length + this.results.length < this.rules.permittedNumberOfCallsInHalfOpenState
  }

  #judgeWindow(): void {
    const { slidingWindow: window, permittedNumberOfCallsInHalfOpenState: permitted, ...rules } = this.rules
    const { calls, failures, slow } = this.measure()
    const atMost = this.isRampingUp() ? permitted : Number.POSITIVE_INFINITY
    if (window.type === 'consecutive') {
      if (failures >= Math.min(window.size, atMost)) this.#begin('open', 'consecutive-failures')
      return
    }
    const minimumCalls = window.type === 'count' ? Math.min(rules.minimumCalls, window.size) : rules.minimumCalls
    if (calls < Math.min(minimumCalls, atMost)) return
    if (failures / calls >= rules.failureRateThreshold) this.#begin('open', 'failure-rate')
    else if (slow > 0 && slow / calls >= rules.slowCallRateThreshold) this.#begin('open', 'slow-call-rate')
  }

  /** Decides as soon as the probes that are still to come cannot change it. */
  #judgeProbes(): void {
    const permitted = this.rules.permittedNumberOfCallsInHalfOpenState
    const { failureRateThreshold, slowCallRateThreshold, slowCallDurationThresholdMs } = this.rules
    const { calls, failures, slow } = count(this.results)
    const toCome = permitted - calls
    const neverSlow = slowCallDurationThresholdMs === undefined
    const tooSlow = (slowCalls: number) => !neverSlow && slowCalls / permitted >= slowCallRateThreshold
    if (failures / permitted >= failureRateThreshold || tooSlow(slow)) this.#begin('open', 'probes-failed')
    else if ((failures + toCome) / permitted < failureRateThreshold && !tooSlow(slow + toCome)) {
      this.#begin('closed', 'probes-succeeded')
    }
  }

  #giveUpOnProbes(): boolean {
    const { maxWaitDurationInHalfOpenStateMs: longestMs, transitionToStateAfterWaitDuration: next } = this.rules
    const undecided = this.state === 'half-open' && longestMs > 0 && this.clock.nowMs() >= this.sinceMs + longestMs
    if (undecided) this.#begin(next, 'probes-undecided')
    return undecided
  }

  /** Ends the life in force, and begins one that knows nothing of it. */
  #begin(state: CircuitState, reason: TransitionReason, forMs?: number): void {
    const now = this.clock.nowMs()
    const { rampUp } = this.rules
    const recovers = state === 'closed' && (reason === 'probes-succeeded' || reason === 'probes-undecided')
    const keepsCounting = state === 'open' || state === 'half-open' || (recovers && rampUp !== undefined)
    if (this.#hasRecovered() || !keepsCounting) this.#opened = 0
    this.rampUpEndsMs = recovers && rampUp ? now + rampUp.shares.length * rampUp.stepDurationMs : now
    Object.assign(this, { state, reason, epoch: this.epoch + 1, sinceMs: now, results: [], probes: [], asked: [] })
    if (state === 'open') this.#open(forMs)
  }

  #hasRecovered(): boolean {
    return this.state === 'closed' && this.clock.nowMs() >= this.rampUpEndsMs
  }

  #open(forMs?: number): void {
    const wait = this.rules.waitDurationInOpenStateMs
    this.#opened += 1
    const growing = (of: Exclude<typeof wait, number>) => of.initialMs * of.multiplier ** (this.#opened - 1)
    const waitMs = typeof wait === 'number' ? wait : Math.min(growing(wait), wait.maxMs)
    this.retryAtMs = this.sinceMs + (forMs ?? waitMs)
  }

  #refuse(end: number, reason: Refusal['reason'], untilMs: number): undefined {
    this.refusal = { state: this.state, reason, retryAfterMs: untilMs - this.clock.nowMs() }
    const total = this.totals[end] as Totals
    total.refused += 1
  }
}

function count(results: readonly Result[]) {
  const failures = results.filter(({ failed }) => failed).length
  return { calls: results.length, failures, slow: results.filter(({ slow }) => slow).length }
}
