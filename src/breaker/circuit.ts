import type { Cells } from '../memory/cells.js'
import type { Clock } from '../world/clock.js'
import { CallTable, CUT_OFF_PROBE, NO_LEASE } from './admission/call-table.js'
import { Answer, ClosedAdmission } from './admission/closed-admission.js'
import { FollowedCalls } from './admission/followed-calls.js'
import { InFlight } from './admission/in-flight.js'
import { NO_CLAIM, Probes } from './admission/probes.js'
import { Refusals } from './admission/refusals.js'
import { DetachedError, type RefusalReason } from './errors.js'
import { ControlWords, lifeOf, State, stateOf } from './life/control-word.js'
import { type Beginning, Lifecycle, type Wish } from './life/lifecycle.js'
import type { OpenWait } from './life/open-wait.js'
import { Reason } from './life/transition-log.js'
import type { Configuration } from './options.js'
import type { MemoryMap } from './storage/memory-map.js'
import { Counter, Counters, type Outcome } from './threads/counters.js'
import { NO_VERDICT, recordCall, type Window, type WindowMeasure } from './window.js'
import { createWindow } from './windows/create.js'

/** No permission was given. */
export const REFUSED = 0

/** In place of the control word that has a short way: none has. Should a word ever be this, the life beside it says so. */
const NO_CONTROL = -1

/**
 * One thread's end of a circuit: the whole of the breaker that is synchronous, over `Cells` and a clock.
 *
 * A permission is one 32-bit number: the life in which it was given, or the ticket of a call that holds more: a lease, a
 * seat, or the time when it began.
 *
 * Read path of a closed call: the control word; if it is the one seen last, the call may go. Its result looks at the
 * control word again, and counts if the life is still the permission's, or else is stale. A life in which calls need more
 * than that has no short way: `#see` decides it once a life.
 * Everything that changes the circuit goes through `Lifecycle.begin`. Nothing here waits for another thread: a
 * compareExchange that fails has let another thread's operation through, and the loop looks again.
 */
export class Circuit {
  readonly words: ControlWords
  readonly lifecycle: Lifecycle
  readonly inFlight: InFlight
  readonly #counters: Counters
  readonly #probes: Probes
  readonly #closed: ClosedAdmission
  /** Why the last `tryAcquire` refused. */
  readonly refusals: Refusals
  readonly calls: FollowedCalls
  /** The control word of the closed life that is taken the short way, and that life. */
  #closedControl = NO_CONTROL
  #closedLife = 0
  #configuration: Configuration
  #window: Window
  #retired = false
  #tracks = false

  constructor(
    readonly name: string,
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly slot: number,
    private readonly clock: Clock,
    openWait: OpenWait,
  ) {
    this.words = new ControlWords(map.sizes.slots)
    this.#counters = new Counters(cells, map.counters(slot))
    this.refusals = new Refusals(name, this.#counters, clock)
    this.inFlight = new InFlight(cells, map, slot)
    this.calls = new FollowedCalls(this.inFlight, clock)
    this.lifecycle = new Lifecycle(cells, map, this.words, slot, clock, openWait, () => this.#see())
    const { lifecycle, inFlight } = this
    this.#closed = new ClosedAdmission(cells, map, slot, lifecycle, inFlight, this.refusals, clock, openWait)
    this.#probes = new Probes(cells, map, this.lifecycle, slot, clock)
    this.#configuration = this.lifecycle.configuration
    this.#window = this.#createWindow()
    this.#see()
  }

  get window(): Window {
    return this.#window
  }

  /** A permission, or `REFUSED`. Allocates nothing. */
  tryAcquire(): number {
    const control = this.cells.load(this.map.control)
    if (control === this.#closedControl && this.#closedLife !== 0) return this.#closedLife
    return this.#acquire()
  }

  /** Reports that the call succeeded. Returns false if the result is stale: counted as such, and not applied. */
  succeed(permission: number): boolean {
    const control = this.cells.load(this.map.control)
    if (control === this.#closedControl && permission === this.#closedLife) {
      const verdict = this.#window.recordSuccess(permission, control !== permission)
      if (verdict !== NO_VERDICT) this.#open(permission, verdict, undefined)
      return true
    }
    return this.#settle(permission, Counter.success, undefined)
  }

  /** Reports that the call failed, with this error. Returns false if the result is stale. */
  fail(permission: number, error?: unknown): boolean {
    return this.#settle(permission, Counter.error, error)
  }

  /** Gives the permission back: the call counts as ignored. Returns false if the permission is stale. */
  release(permission: number): boolean {
    return this.#settle(permission, Counter.ignored, undefined)
  }

  /**
   * Begins a life as the user wants it, in the state that `wish` gives for the one in force; undefined: it may stay.
   * Ends: what fails in here means that the circuit has moved on.
   */
  change(reason: number, wish: (state: number, configuration: Configuration) => Wish | undefined): void {
    for (;;) {
      if (this.#retired) throw new DetachedError(this.name)
      const control = this.cells.load(this.map.control)
      if (!this.#look(control)) continue
      const life = lifeOf(control)
      const wanted = wish(stateOf(life), this.#configuration)
      if (!wanted || this.#begin(life, wanted.state, reason, this.#window.measure(life), wanted)) return
    }
  }

  /** Ends this thread's part: no permission is given any more, and results of calls still running count as nothing. */
  retire(): void {
    this.#retired = true
    this.calls.retire()
    this.#closedControl = NO_CONTROL
  }

  #acquire(): number {
    for (;;) {
      // Asked every time: a look tells listeners, and a listener may detach or make a transition itself.
      if (this.#retired) throw new DetachedError(this.name)
      const control = this.cells.load(this.map.control)
      // Ends: a look that fails means that the circuit has moved on, and so has every permission that is undefined.
      if (!this.#look(control)) continue
      const state = stateOf(control)
      if (state === State.forcedOpen) return this.#refuse(state, Number.POSITIVE_INFINITY)
      if (state === State.open) {
        const { retryAtMs } = this.lifecycle.life
        if (this.clock.nowMs() < retryAtMs) return this.#refuse(state, retryAtMs)
        this.#begin(control, State.halfOpen, Reason.waitElapsed, this.lifecycle.life)
        continue
      }
      // The seat first: who finds none has cost the circuit nothing.
      const seat = this.inFlight.take(this.#configuration)
      if (this.inFlight.isFull(seat)) return this.#refuse(state, 0, 'limit')
      const permission = this.#ask(control, seat)
      if (permission === undefined || permission === REFUSED) this.inFlight.giveBack(seat)
      if (permission !== undefined) return permission
    }
  }

  /** A permission of a state that admits, `REFUSED`, or undefined if the life is over. */
  #ask(control: number, seat: number): number | undefined {
    switch (stateOf(control)) {
      case State.halfOpen:
        return this.#askHalfOpen(control, seat)
      case State.disabled:
      case State.metricsOnly:
        return this.#admit(control, seat)
      default:
        return this.#askClosed(lifeOf(control), seat)
    }
  }

  #askClosed(life: number, seat: number): number | undefined {
    const wasRamping = this.#closed.isRamping
    const answer = this.#closed.ask(life)
    if (wasRamping && !this.#closed.isRamping) this.#see()
    if (answer === Answer.refused) return REFUSED
    if (answer === Answer.lifeOver) return undefined
    return this.#admit(life, seat, answer === Answer.probe ? CUT_OFF_PROBE : NO_LEASE)
  }

  #askHalfOpen(life: number, seat: number): number | undefined {
    if (this.calls.isFull) return this.#refuse(State.halfOpen, 0)
    const claim = this.#probes.ask(life, this.#configuration)
    if (claim === undefined) return undefined
    if (claim === NO_CLAIM) return this.#refuse(State.halfOpen, 0)
    return this.#admit(life, seat, this.#probes.claimedIndex, claim)
  }

  #admit(life: number, seat: number, lease: number = NO_LEASE, claim = 0): number {
    if (!this.#tracks && lease === NO_LEASE) return life
    if (this.calls.isFull) return this.#refuse(stateOf(life), 0, 'limit')
    return this.calls.enter(life, seat, lease, claim, this.#configuration)
  }

  #settle(permission: number, outcome: Outcome, error: unknown): boolean {
    if (this.#retired) return false
    if (!CallTable.isTicket(permission)) return this.#apply(permission, outcome, false, error)
    const row = this.calls.leave(permission)
    if (row < 0) return this.#stale()
    const { table } = this.calls
    const life = table.lifeAt(row)
    const lease = table.leaseAt(row)
    const slow = this.calls.isSlow(row, this.#configuration)
    if (lease >= 0) return this.#settleProbe(life, lease, table.claimAt(row), outcome, slow, error)
    if (lease === CUT_OFF_PROBE) return this.#settleCutOffProbe(life, outcome, slow, error)
    return this.#apply(life, outcome, slow, error)
  }

  #apply(permission: number, outcome: Outcome, slow: boolean, error: unknown): boolean {
    for (;;) {
      if (this.#retired) return false
      const control = this.cells.load(this.map.control)
      if (lifeOf(control) !== permission) return this.#stale()
      if (!this.#look(control)) continue
      const state = stateOf(permission)
      if (outcome === Counter.ignored || (state !== State.closed && state !== State.metricsOnly)) {
        this.#counters.addOutcome(outcome, slow)
        return true
      }
      const counts = outcome === Counter.error || slow
      // Ends: the watch is set once a life.
      if (counts && control === permission && state === State.closed && !this.lifecycle.watch(control)) continue
      const call = {
        failed: outcome === Counter.error,
        slow,
        watched: state !== State.closed || control !== permission,
      }
      const verdict = recordCall(this.#window, permission, call)
      if (verdict !== NO_VERDICT && state === State.closed) this.#open(permission, verdict, error)
      return true
    }
  }

  #settleProbe(life: number, lease: number, claim: number, outcome: Outcome, slow: boolean, error: unknown): boolean {
    if (!this.#probes.report(life, lease, claim, outcome, slow)) return this.#stale()
    this.#counters.addOutcome(outcome, slow)
    if (outcome !== Counter.ignored) this.#probes.conclude(life, error)
    return true
  }

  #settleCutOffProbe(life: number, outcome: Outcome, slow: boolean, error: unknown): boolean {
    if (lifeOf(this.cells.load(this.map.control)) !== life || !this.#closed.isCutOff) return this.#stale()
    this.#counters.addOutcome(outcome, slow)
    if (this.#closed.settleProbe(life, outcome, error)) {
      this.#window.forgetOwn?.()
      this.#see()
    }
    return true
  }

  /** What a verdict says: open for all, or cut off this thread alone. */
  #open(life: number, verdict: number, error: unknown): void {
    if (verdict > NO_VERDICT) {
      this.#begin(life, State.open, verdict, this.#window.decided, { error })
    } else if (!this.#closed.isCutOff) {
      this.#closed.cutOff(life, error)
      this.#see()
    }
  }

  #begin(life: number, state: number, reason: number, measure: WindowMeasure, how?: Beginning): boolean {
    if (state === State.halfOpen) this.#probes.prepare(this.words.next(life, State.halfOpen, this.slot))
    return this.lifecycle.begin(life, state, reason, measure, how)
  }

  /** Whether `control`, just read, is still this thread's picture once its listeners have been told. */
  #look(control: number): boolean {
    return this.lifecycle.look(control) && this.lifecycle.control === control && !this.#retired
  }

  /** Takes over what the lifecycle saw, and decides whether calls of this life go the short way. */
  #see(): void {
    const { control, life, configuration } = this.lifecycle
    if (configuration !== this.#configuration) {
      this.#configuration = configuration
      this.#window = this.#createWindow()
    }
    this.#closed.see()
    this.#window.judgeEarly(this.#closed.isRamping ? configuration.permittedNumberOfCallsInHalfOpenState : undefined)
    this.#tracks = this.calls.matter(configuration)
    const closed = stateOf(life.life) === State.closed && !this.#retired
    const short = closed && !this.#tracks && !this.#closed.isRamping && !this.#closed.isCutOff
    this.#closedControl = short ? control : NO_CONTROL
    this.#closedLife = short ? life.life : 0
  }

  #stale(): boolean {
    this.#counters.add(Counter.stale)
    return false
  }

  #refuse(state: number, untilMs: number, reason: RefusalReason = 'circuit'): number {
    this.refusals.count(state, untilMs, reason)
    return REFUSED
  }

  #createWindow(): Window {
    const { cells, map, words, slot, clock } = this
    const configuration = this.#configuration
    return createWindow({ cells, map, words, counters: this.#counters, slot, clock, configuration })
  }
}
