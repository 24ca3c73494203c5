import type { CircuitState } from 'busbar'
import type { AttachedTarget, BreakerPlan, CircuitObservation, Target, TransitionRecord } from 'busbar/stress'
// What a target loads, every worker loads: `busbar/target` is next to nothing, `busbar/stress` the whole engine.
import { monotonicClock, Outcome } from 'busbar/target'

/** A breaker of one's own as a target: opens after as many failures in a row as the plan's minimum of calls. */
export default {
  name: 'failures-in-a-row',
  description: 'A breaker of thirty lines in each worker.',
  view: 'per-worker',
  prepare: () => ({ handle: null, close() {} }),
  attach: (_handle, breaker) => new FailuresInARow(breaker),
} satisfies Target

class FailuresInARow implements AttachedTarget {
  readonly #plan: BreakerPlan
  readonly #transitions: TransitionRecord[] = []
  #state: CircuitState = 'closed'
  #failures = 0
  #retryAtMs = 0

  constructor(plan: BreakerPlan) {
    this.#plan = plan
  }

  async call(body: () => Promise<void>): Promise<Outcome> {
    if (this.#state === 'half-open') return Outcome.refused
    if (this.#state === 'open') {
      if (monotonicClock.nowMs() < this.#retryAtMs) return Outcome.refused
      this.#moveTo('half-open')
    }
    const life = this.#transitions.length
    const succeeded = await body().then(
      () => true,
      () => false,
    )
    // The circuit has moved on since: what this call found out is about the past.
    if (life !== this.#transitions.length) return Outcome.stale
    this.#judge(succeeded)
    return succeeded ? Outcome.success : Outcome.error
  }

  state(): CircuitState {
    return this.#state
  }

  observe(): CircuitObservation {
    return { state: this.#state, transitions: this.#transitions, lost: 0 }
  }

  detach(): void {}

  #judge(succeeded: boolean): void {
    this.#failures = succeeded ? 0 : this.#failures + 1
    if (this.#state === 'half-open') this.#moveTo(succeeded ? 'closed' : 'open')
    else if (this.#failures >= this.#plan.minimumCalls) this.#moveTo('open')
  }

  #moveTo(to: CircuitState): void {
    const atMs = monotonicClock.nowMs()
    this.#transitions.push({ from: this.#state, to, epoch: this.#transitions.length + 1, atMs })
    this.#state = to
    this.#failures = 0
    if (to === 'open') this.#retryAtMs = atMs + this.#plan.waitDurationInOpenStateMs
  }
}
