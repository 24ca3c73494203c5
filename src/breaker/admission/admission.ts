import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import { DetachedError } from '../errors.js'
import { lifeOf, State, stateOf } from '../life/control-word.js'
import type { Lifecycle } from '../life/lifecycle.js'
import { Reason } from '../life/transition-log.js'
import type { MemoryMap } from '../storage/memory-map.js'
import type { Tally } from '../tally.js'
import { CUT_OFF_PROBE, NO_LEASE } from './call-table.js'
import { Answer, type ClosedAdmission } from './closed-admission.js'
import type { FollowedCalls } from './followed-calls.js'
import type { InFlight } from './in-flight.js'
import { NO_CLAIM, type Probes } from './probes.js'
import type { Refusals } from './refusals.js'

/** No permission was given. */
export const REFUSED = 0

/** What decides about a call, each in its state. */
export interface Gates {
  readonly inFlight: InFlight
  readonly closed: ClosedAdmission
  readonly probes: Probes
  readonly calls: FollowedCalls
  readonly refusals: Refusals
}

/**
 * Which calls may go: a permission in each state, the long way. Nothing here waits for another thread: a look that fails
 * means that the circuit has moved on.
 */
export class Admission {
  constructor(
    private readonly name: string,
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly lifecycle: Lifecycle,
    private readonly gates: Gates,
    private readonly tally: Tally,
    private readonly clock: Clock,
  ) {}

  /** A permission, or `REFUSED`. Throws a `DetachedError`. */
  acquire(): number {
    const { lifecycle } = this
    const { inFlight } = this.gates
    for (;;) {
      // Asked every time: a look tells listeners, and a listener may detach or make a transition itself.
      if (lifecycle.isRetired) throw new DetachedError(this.name)
      const control = this.cells.load(this.map.control)
      // Ends: the circuit has moved on, and so has every permission that is undefined.
      if (!lifecycle.agrees(control)) continue
      const state = stateOf(control)
      if (state === State.forcedOpen) return this.#refuse(control, Number.POSITIVE_INFINITY)
      if (state === State.open) {
        const { retryAtMs } = lifecycle.life
        if (this.clock.nowMs() < retryAtMs) return this.#refuse(control, retryAtMs)
        this.gates.probes.begin(control, Reason.waitElapsed, lifecycle.life)
        continue
      }
      // The seat first: who finds none has cost the circuit nothing.
      const seat = inFlight.take(lifecycle.configuration)
      if (inFlight.isFull(seat)) return this.#refuse(lifeOf(control), 0, 'limit')
      const permission = this.#ask(control, seat)
      if (permission === undefined || permission === REFUSED) inFlight.giveBack(seat)
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
    const answer = this.gates.closed.ask(life)
    if (answer === Answer.refused) return REFUSED
    if (answer === Answer.lifeOver) return undefined
    return this.#admit(life, seat, answer === Answer.probe ? CUT_OFF_PROBE : NO_LEASE)
  }

  #askHalfOpen(life: number, seat: number): number | undefined {
    const { probes, calls } = this.gates
    if (calls.isFull) return this.#refuse(life, 0)
    const claim = probes.ask(life, this.lifecycle.configuration)
    if (claim === undefined) return undefined
    if (claim === NO_CLAIM) return this.#refuse(life, 0)
    return this.#admit(life, seat, probes.claimedIndex, claim)
  }

  #admit(life: number, seat: number, lease: number = NO_LEASE, claim = 0): number {
    const { calls } = this.gates
    const { configuration } = this.lifecycle
    const isPlain = lease === NO_LEASE && !calls.matter(configuration) && !this.tally.isAsked
    if (isPlain) return life
    if (calls.isFull) return this.#refuse(life, 0, 'limit')
    return calls.enter(life, seat, lease, claim, configuration)
  }

  #refuse(life: number, untilMs: number, reason: 'circuit' | 'limit' = 'circuit'): number {
    this.gates.refusals.count(life, untilMs, reason)
    return REFUSED
  }
}
