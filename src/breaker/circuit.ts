import type { Cells } from '../memory/cells.js'
import type { Clock } from '../world/clock.js'
import { Admission, REFUSED } from './admission/admission.js'
import { CallTable, CUT_OFF_PROBE } from './admission/call-table.js'
import { ClosedAdmission } from './admission/closed-admission.js'
import { FollowedCalls } from './admission/followed-calls.js'
import { InFlight } from './admission/in-flight.js'
import { Probes } from './admission/probes.js'
import { Refusals } from './admission/refusals.js'
import { DetachedError } from './errors.js'
import type { EventLog } from './events/event-log.js'
import { ControlWords, lifeOf, State, stateOf } from './life/control-word.js'
import { type Beginning, Lifecycle, type Wish } from './life/lifecycle.js'
import type { OpenWait } from './life/open-wait.js'
import type { Configuration } from './options.js'
import type { MemoryMap } from './storage/memory-map.js'
import { Tally, UNKNOWN_MS } from './tally.js'
import { Counter, Counters, type Outcome } from './threads/counters.js'
import { NO_VERDICT, recordCall, type Window, type WindowMeasure } from './window.js'
import { createWindow } from './windows/create.js'

/** In place of a life: none. A permission is never this, for it would say that there is none. */
const NO_LIFE = REFUSED

/**
 * One thread's end of a circuit: the whole of the breaker that is synchronous, over `Cells` and a clock.
 *
 * A permission is one 32-bit number: the life in which it was given, or the ticket of a call that holds more: a lease, a
 * seat, or the time when it began.
 *
 * Short ways. A closed call reads the control word; if it is the one seen last, the call may go. Its result looks at the
 * control word again, and counts if the life is still the permission's, or else is stale. An open circuit refuses as
 * soon as the control word is the one that it refused by before, and its deadline has not passed. A life in which calls
 * need more than that has no short way: `#see` decides it once a life.
 *
 * Everything that changes the circuit goes through `Lifecycle.begin`. Nothing here waits for another thread: a
 * compareExchange that fails has let another thread's operation through, and the loop looks again.
 */
export class Circuit {
  readonly words: ControlWords
  readonly lifecycle: Lifecycle
  readonly inFlight: InFlight
  /** Why the last `tryAcquire` refused. */
  readonly refusals: Refusals
  readonly calls: FollowedCalls
  readonly tally: Tally
  /** Where the control word is, and where this thread counts what was refused: the short ways look nothing up. */
  readonly #control: number
  readonly #refused: number
  readonly #counters: Counters
  readonly #probes: Probes
  readonly #closed: ClosedAdmission
  readonly #admission: Admission
  /** The control word of the closed life that is taken the short way, and that life. */
  #closedControl = 0
  #closedLife = NO_LIFE
  /** The control word of the life that refuses the short way, and that life; until when. */
  #refusingControl = 0
  #refusingLife = NO_LIFE
  #refusesForEver = false
  #refusesUntilMs = 0
  #configuration: Configuration
  #window: Window

  constructor(
    readonly name: string,
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly slot: number,
    private readonly clock: Clock,
    openWait: OpenWait,
    log: EventLog,
  ) {
    this.words = new ControlWords(map.sizes.slots)
    this.#control = map.control
    this.#counters = new Counters(cells, map.counters(slot))
    this.#refused = this.#counters.line + Counter.refused
    this.tally = new Tally(cells, map, this.#counters, log, clock)
    this.refusals = new Refusals(name, this.tally, clock)
    this.inFlight = new InFlight(cells, map, slot)
    this.calls = new FollowedCalls(this.inFlight, clock)
    this.lifecycle = new Lifecycle(cells, map, this.words, slot, clock, openWait, () => this.#see())
    const { lifecycle, inFlight, refusals, calls, tally } = this
    this.#closed = new ClosedAdmission(cells, map, slot, lifecycle, inFlight, refusals, clock, openWait, tally)
    this.#probes = new Probes(cells, map, lifecycle, slot, clock, tally)
    const gates = { inFlight, closed: this.#closed, probes: this.#probes, calls, refusals }
    this.#admission = new Admission(name, cells, map, lifecycle, gates, tally, clock)
    this.#configuration = lifecycle.configuration
    this.#window = this.#createWindow(this.#configuration)
    log.onDemand = () => lifecycle.observe()
    this.#see()
  }

  /** To read the window of a life, which may be one that this thread has not met. */
  windowOf(life: number, configuration: Configuration): Window {
    return life === this.lifecycle.life.life ? this.#window : this.#createWindow(configuration)
  }

  /** A permission, or `REFUSED`. Allocates nothing. */
  tryAcquire(): number {
    const control = this.cells.load(this.#control)
    if (control === this.#closedControl && this.#closedLife !== NO_LIFE) return this.#closedLife
    if (control === this.#refusingControl && this.#refusingLife !== NO_LIFE && this.#refusesStill()) return REFUSED
    return this.#acquire()
  }

  /** Reports that the call succeeded. Returns false if the result is stale: counted as such, and not applied. */
  succeed(permission: number): boolean {
    const control = this.cells.load(this.#control)
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
   * Ends: what fails in here means that the circuit has moved on. A function of the user's that says how long to wait
   * is asked once, for it may move the circuit itself.
   */
  change(reason: number, wish: (state: number, configuration: Configuration) => Wish | undefined): void {
    let waitMs: number | undefined
    for (;;) {
      if (this.lifecycle.isRetired) throw new DetachedError(this.name)
      const control = this.cells.load(this.map.control)
      if (!this.lifecycle.agrees(control)) continue
      const life = lifeOf(control)
      const wanted = wish(stateOf(life), this.#configuration)
      if (!wanted) return
      waitMs ??= wanted.waitMs ?? this.lifecycle.waitMs(wanted.state, reason, undefined)
      if (this.#begin(life, wanted.state, reason, this.#window.measure(life), { ...wanted, waitMs })) return
    }
  }

  /** Ends this thread's part: no permission is given any more, and results of calls still running count as nothing. */
  retire(): void {
    this.lifecycle.retire()
    this.calls.retire()
    this.#closedLife = NO_LIFE
    this.#refusingLife = NO_LIFE
  }

  /** The thread in `slot`, which has ended, held a lease that was taken back. */
  leaseReclaimed(slot: number): void {
    this.tally.leaseReclaimed(lifeOf(this.cells.load(this.map.control)), slot)
  }

  #acquire(): number {
    const permission = this.#admission.acquire()
    if (this.#closed.endsRampUp()) this.#see()
    if (permission === REFUSED) this.#rememberRefusal()
    return permission
  }

  /** An open life refuses until its deadline, whoever asks: the next call needs no more than to look at that. */
  #rememberRefusal(): void {
    const { control, life } = this.lifecycle
    const state = stateOf(control)
    if ((state !== State.open && state !== State.forcedOpen) || this.lifecycle.isRetired) return
    this.#refusesForEver = state === State.forcedOpen
    this.#refusesUntilMs = life.retryAtMs
    this.#refusingControl = control
    this.#refusingLife = life.life
  }

  #refusesStill(): boolean {
    if (!this.#refusesForEver && this.clock.nowMs() >= this.#refusesUntilMs) return false
    if (this.cells.add(this.#refused, 1) === -1) this.#counters.carry(Counter.refused)
    if (this.tally.isAsked) this.tally.tellRefused(this.#refusingLife)
    return true
  }

  #settle(permission: number, outcome: Outcome, error: unknown): boolean {
    if (this.lifecycle.isRetired) return false
    if (!CallTable.isTicket(permission)) return this.#apply(permission, outcome, false, error, UNKNOWN_MS)
    const row = this.calls.leave(permission)
    if (row < 0) return this.tally.stale(this.lifecycle.life.life)
    const { table } = this.calls
    const life = table.lifeAt(row)
    const lease = table.leaseAt(row)
    const beganMs = table.beganMsAt(row)
    const slow = this.calls.isSlow(row, this.#configuration)
    if (lease >= 0) return this.#settleProbe(life, lease, table.claimAt(row), outcome, slow, error, beganMs)
    if (lease === CUT_OFF_PROBE) return this.#settleCutOffProbe(life, outcome, slow, error, beganMs)
    return this.#apply(life, outcome, slow, error, beganMs)
  }

  #apply(permission: number, outcome: Outcome, slow: boolean, error: unknown, beganMs: number): boolean {
    for (;;) {
      if (this.lifecycle.isRetired) return false
      const control = this.cells.load(this.map.control)
      if (lifeOf(control) !== permission) return this.tally.stale(permission)
      if (!this.lifecycle.agrees(control)) continue
      const state = stateOf(permission)
      if (outcome === Counter.ignored || (state !== State.closed && state !== State.metricsOnly)) {
        this.#counters.addOutcome(outcome, slow)
        this.tally.ended(outcome, permission, beganMs)
        return true
      }
      const counts = outcome === Counter.error || slow
      if (counts && control === permission && state === State.closed) {
        // Ends: afterwards the word is that of a watched life, or the life is over.
        this.lifecycle.watch(permission)
        continue
      }
      if (this.#closed.endsRampUp()) this.#see()
      const call = {
        failed: outcome === Counter.error,
        slow,
        watched: state !== State.closed || control !== permission,
      }
      const verdict = recordCall(this.#window, permission, call)
      if (verdict !== NO_VERDICT && state === State.closed) this.#open(permission, verdict, error)
      this.tally.ended(outcome, permission, beganMs)
      return true
    }
  }

  #settleProbe(
    life: number,
    lease: number,
    claim: number,
    outcome: Outcome,
    slow: boolean,
    error: unknown,
    beganMs: number,
  ): boolean {
    if (!this.#probes.report(life, lease, claim, outcome, slow)) return this.tally.stale(life)
    this.#counters.addOutcome(outcome, slow)
    if (outcome !== Counter.ignored) this.#probes.conclude(life, error)
    this.tally.ended(outcome, life, beganMs)
    return true
  }

  #settleCutOffProbe(life: number, outcome: Outcome, slow: boolean, error: unknown, beganMs: number): boolean {
    if (lifeOf(this.cells.load(this.map.control)) !== life || !this.#closed.isCutOff) return this.tally.stale(life)
    this.#counters.addOutcome(outcome, slow)
    if (this.#closed.settleProbe(life, outcome, error)) {
      this.#window.forgetOwn?.()
      this.#see()
    }
    this.tally.ended(outcome, life, beganMs)
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

  #begin(life: number, state: number, reason: number, measure: WindowMeasure, how: Beginning): boolean {
    if (state === State.halfOpen) return this.#probes.begin(life, reason, measure, how)
    return this.lifecycle.begin(life, state, reason, measure, how)
  }

  /** Takes over what the lifecycle saw, and decides whether calls of this life go the short way. */
  #see(): void {
    const { control, life, configuration } = this.lifecycle
    if (configuration !== this.#configuration) {
      this.#configuration = configuration
      this.#window = this.#createWindow(this.#configuration)
    }
    this.#closed.see()
    this.#window.judgeEarly(this.#closed.isRamping ? configuration.permittedNumberOfCallsInHalfOpenState : undefined)
    const isPlain = stateOf(life.life) === State.closed && stateOf(control) !== State.closedObserved
    const short = isPlain && !this.calls.matter(configuration) && !this.#closed.isRamping && !this.#closed.isCutOff
    this.#closedControl = control
    this.#closedLife = short && !this.lifecycle.isRetired ? life.life : NO_LIFE
    this.#refusingLife = NO_LIFE
    // A closed life may have begun while a thread asked for the events of every call.
    this.lifecycle.observe()
  }

  #createWindow(configuration: Configuration): Window {
    const { cells, map, words, slot, clock } = this
    return createWindow({ cells, map, words, counters: this.#counters, slot, clock, configuration })
  }
}
