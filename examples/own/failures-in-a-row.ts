import type { CircuitState } from 'busbar'
import type { AttachedTarget, BreakerPlan, CircuitObservation, Target, TransitionRecord } from 'busbar/stress'
// What a target loads, every worker loads: `busbar/target` is next to nothing, `busbar/stress` the whole engine.
import { monotonicClock, Outcome } from 'busbar/target'

// Taken once: of TypeScript that is compiled as it is loaded, each look at an import costs 0.3 µs.
const { success, error, refused, stale } = Outcome
const clock = monotonicClock

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
    if (this.#state === 'half-open') return refused
    if (this.#state === 'open') {
      if (clock.nowMs() < this.#retryAtMs) return refused
      this.#moveTo('half-open')
    }
    const life = this.#transitions.length
    const succeeded = await body().then(
      () => true,
      () => false,
    )
    // The circuit has moved on since: what this call found out is about the past.
    if (life !== this.#transitions.length) return stale
    this.#judge(succeeded)
    return succeeded ? success : error
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
    const atMs = clock.nowMs()
    this.#transitions.push({ from: this.#state, to, epoch: this.#transitions.length + 1, atMs })
    this.#state = to
    this.#failures = 0
    if (to === 'open') this.#retryAtMs = atMs + this.#plan.waitDurationInOpenStateMs
  }
}
