import type { Cells } from '../memory/cells.js'
import type { Clock } from '../world/clock.js'
import { CallTable } from './admission/call-table.js'
import { LeaseOutcome, Leases } from './admission/leases.js'
import { CallNotPermittedError, DetachedError } from './errors.js'
import { ControlWords, lifeOf, State, stateName, stateOf, watched } from './life/control-word.js'
import { Lifecycle } from './life/lifecycle.js'
import { Reason } from './life/transition-log.js'
import type { Configuration } from './options.js'
import type { MemoryMap } from './storage/memory-map.js'
import { Counter, Counters } from './threads/counters.js'
import type { Window, WindowMeasure } from './window.js'
import { createWindow } from './windows/create.js'

/** No permission was given. */
export const REFUSED = 0

/**
 * One thread's end of a circuit: the whole of the breaker that is synchronous, over `Cells` and a clock.
 *
 * A permission is one 32-bit number: the life in which it was given, or for a probe the ticket of its lease.
 *
 * Read path of a closed call: the control word; if it is the one seen last, the call may go. Its result looks at the
 * control word again, and counts if the life is still the permission's, or else is stale.
 *
 * Everything that changes the circuit goes through `Lifecycle.begin`. Nothing here waits for another thread: a compareExchange
 * that fails has let another thread's operation through, and the loop looks again.
 */
export class Circuit {
  readonly words: ControlWords
  readonly lifecycle: Lifecycle
  readonly #counters: Counters
  readonly #leases: Leases
  readonly #calls = new CallTable()
  /** The control word of the closed life in force when this thread looked last, and that life; 0 if it was not closed. */
  #closedControl = 0
  #closedLife = 0
  #configuration: Configuration
  #window: Window
  #retired = false
  #refusedState: number = State.open
  #refusedAtMs = 0

  constructor(
    readonly name: string,
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly slot: number,
    private readonly clock: Clock,
  ) {
    this.words = new ControlWords(map.sizes.slots)
    this.#counters = new Counters(cells, map.counters(slot))
    this.#leases = new Leases(cells, map, this.words, slot)
    this.lifecycle = new Lifecycle(cells, map, this.words, slot, clock, () => this.#see())
    this.#configuration = this.lifecycle.configuration
    this.#window = this.#createWindow()
    this.#see()
  }

  /** A permission, or `REFUSED`. Allocates nothing. */
  tryAcquire(): number {
    const control = this.cells.load(this.map.control)
    if (control === this.#closedControl) return this.#closedLife
    return this.#acquire()
  }

  /** Reports that the call succeeded. Returns false if the result is stale: counted as such, and not applied. */
  succeed(permission: number): boolean {
    const control = this.cells.load(this.map.control)
    if (control === this.#closedControl && permission === this.#closedLife) {
      if (this.#window.recordSuccess(permission, control !== permission)) this.#trip(permission)
      return true
    }
    return CallTable.isTicket(permission)
      ? this.#settleProbe(permission, Counter.success)
      : this.#settle(permission, true)
  }

  /** Reports that the call failed. Returns false if the result is stale. */
  fail(permission: number): boolean {
    return CallTable.isTicket(permission)
      ? this.#settleProbe(permission, Counter.error)
      : this.#settle(permission, false)
  }

  /** Gives the permission back: the call counts as ignored. Returns false if the permission is stale. */
  release(permission: number): boolean {
    if (this.#retired) return false
    if (CallTable.isTicket(permission)) return this.#settleProbe(permission, Counter.ignored)
    const applied = lifeOf(this.cells.load(this.map.control)) === permission
    this.#counters.add(applied ? Counter.ignored : Counter.stale)
    return applied
  }

  /** Why the last `tryAcquire` refused. */
  refusal(): CallNotPermittedError {
    const state = this.#refusedState
    let retryAfterMs = 0
    if (state === State.open) retryAfterMs = Math.max(0, this.lifecycle.life.retryAtMs - this.#refusedAtMs)
    if (state === State.forcedOpen) retryAfterMs = Number.POSITIVE_INFINITY
    return new CallNotPermittedError(this.name, stateName(state), retryAfterMs)
  }

  /** Ends this thread's part: no permission is given any more, and results of calls still running count as nothing. */
  retire(): void {
    this.#retired = true
    this.#closedControl = 0
  }

  measure(life: number): WindowMeasure {
    return this.#window.measure(life)
  }

  isProbe(permission: number): boolean {
    return CallTable.isTicket(permission)
  }

  epochOf(permission: number): number {
    return this.words.sequenceOf(this.isProbe(permission) ? this.#calls.lifeOf(permission) : permission)
  }

  #acquire(): number {
    for (;;) {
      // Asked every time: a look tells listeners, and a listener may detach or make a transition itself.
      if (this.#retired) throw new DetachedError(this.name)
      const control = this.cells.load(this.map.control)
      // Ends: a look that fails means that the circuit has moved on, and so has every `continue` below.
      if (!this.#look(control)) continue
      switch (stateOf(control)) {
        case State.closed:
        case State.closedWatched:
          return lifeOf(control)
        case State.disabled:
        case State.metricsOnly:
          return control
        case State.open: {
          const now = this.clock.nowMs()
          if (now < this.lifecycle.life.retryAtMs) return this.#refuse(State.open, now)
          this.#leases.wipe(this.words.next(control, State.halfOpen, this.slot))
          this.lifecycle.begin(control, State.halfOpen, Reason.waitElapsed, this.lifecycle.life)
          continue
        }
        case State.halfOpen: {
          const ticket = this.#probe(control)
          if (ticket === undefined) continue
          return ticket
        }
        default:
          return this.#refuse(State.forcedOpen, 0)
      }
    }
  }

  /** A probe's ticket, `REFUSED`, or undefined if the life is over. */
  #probe(life: number): number | undefined {
    const { permittedNumberOfCallsInHalfOpenState: permitted, leaseDurationMs } = this.#configuration
    if (this.#calls.isFull) return this.#refuse(State.halfOpen, 0)
    const now = this.clock.nowMs()
    let claim = this.#leases.claim(life, permitted, now + leaseDurationMs)
    if (claim === 0 && this.#leases.reclaimExpired(life, permitted, now, leaseDurationMs) > 0) {
      claim = this.#leases.claim(life, permitted, now + leaseDurationMs)
    }
    if (claim === 0) {
      // All are taken. If they are decided and nobody drew the conclusion, its thread died before it could.
      if (this.#concludeProbes(life)) return undefined
      return this.#refuse(State.halfOpen, 0)
    }
    const lease = this.#leases.claimedIndex
    if (this.cells.load(this.map.control) !== life) {
      this.#leases.giveBack(lease, claim)
      return undefined
    }
    return this.#calls.enter(life, lease, claim)
  }

  #settle(permission: number, success: boolean): boolean {
    for (;;) {
      if (this.#retired) return false
      const control = this.cells.load(this.map.control)
      if (lifeOf(control) !== permission) {
        this.#counters.add(Counter.stale)
        return false
      }
      if (!this.#look(control)) continue
      if (stateOf(permission) !== State.closed) {
        this.#counters.add(success ? Counter.success : Counter.error)
        return true
      }
      if (success) {
        if (this.#window.recordSuccess(permission, control !== permission)) this.#trip(permission)
        return true
      }
      // Ends: the watch is set once a life.
      if (control === permission && !this.#watch(control)) continue
      if (this.#window.recordFailure(permission)) this.#trip(permission)
      return true
    }
  }

  #watch(control: number): boolean {
    if (this.cells.compareExchange(this.map.control, control, watched(control)) !== control) return false
    return this.lifecycle.look(watched(control))
  }

  #settleProbe(
    ticket: number,
    counter: typeof Counter.success | typeof Counter.error | typeof Counter.ignored,
  ): boolean {
    if (this.#retired) return false
    const row = this.#calls.leave(ticket)
    const life = this.#calls.lifeAt(row)
    if (row < 0 || this.cells.load(this.map.control) !== life || !this.#settleLease(row, counter)) {
      this.#counters.add(Counter.stale)
      return false
    }
    this.#counters.add(counter)
    if (counter !== Counter.ignored) this.#concludeProbes(life)
    return true
  }

  #settleLease(row: number, counter: Counter): boolean {
    const lease = this.#calls.leaseAt(row)
    const claim = this.#calls.claimAt(row)
    if (counter === Counter.ignored) return this.#leases.giveBack(lease, claim)
    return this.#leases.report(lease, claim, counter === Counter.success ? LeaseOutcome.success : LeaseOutcome.failure)
  }

  /** Ends a half-open life as soon as the probes still out can't change how. Returns true if it is over. */
  #concludeProbes(life: number): boolean {
    if (!this.lifecycle.look(life)) return true
    const { permittedNumberOfCallsInHalfOpenState: permitted, failureRateThreshold } = this.#configuration
    const { successes, failures } = this.#leases.count(life, permitted)
    const measure = { calls: successes + failures, failures }
    if (failures / permitted >= failureRateThreshold) {
      this.lifecycle.begin(life, State.open, Reason.probesFailed, measure)
      return true
    }
    if ((permitted - successes) / permitted < failureRateThreshold) {
      this.lifecycle.begin(life, State.closed, Reason.probesSucceeded, measure)
      return true
    }
    return false
  }

  #trip(life: number): void {
    const byRate = this.#configuration.slidingWindow.type !== 'consecutive'
    this.lifecycle.begin(
      life,
      State.open,
      byRate ? Reason.failureRate : Reason.consecutiveFailures,
      this.#window.measure(life),
    )
  }

  /** Whether `control`, just read, is still this thread's picture once its listeners have been told. */
  #look(control: number): boolean {
    return this.lifecycle.look(control) && this.lifecycle.control === control && !this.#retired
  }

  /** Takes over what the lifecycle saw. */
  #see(): void {
    const { control, life, configuration } = this.lifecycle
    if (configuration !== this.#configuration) {
      this.#configuration = configuration
      this.#window = this.#createWindow()
    }
    const closed = stateOf(life.life) === State.closed && !this.#retired
    this.#closedControl = closed ? control : 0
    this.#closedLife = closed ? life.life : 0
  }

  #refuse(state: number, nowMs: number): number {
    this.#refusedState = state
    this.#refusedAtMs = nowMs
    this.#counters.add(Counter.refused)
    return REFUSED
  }

  #createWindow(): Window {
    return createWindow(this.#configuration, {
      cells: this.cells,
      map: this.map,
      words: this.words,
      counters: this.#counters,
      slot: this.slot,
      clock: this.clock,
    })
  }
}
