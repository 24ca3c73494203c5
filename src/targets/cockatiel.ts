import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  type IBreaker,
  isBrokenCircuitError,
  CircuitState as PolicyState,
  SamplingBreaker,
} from 'cockatiel'
import type { CircuitState } from '../breaker/life/control-word.js'
import type { TransitionRecord } from '../evidence.js'
import type { BreakerPlan } from '../plan.js'
import { type AttachedTarget, type CircuitObservation, Outcome, type Target } from '../target.js'
import { monotonicClock } from '../world/clock.js'

const target: Target = {
  name: 'cockatiel',
  description: 'cockatiel 3.2, a breaker of its own in each worker.',
  view: 'per-worker',
  prepare: () => ({ handle: null, close() {} }),
  attach: (_handle, breaker) => new Cockatiel(breaker),
}

const states: Readonly<Record<PolicyState, CircuitState>> = {
  [PolicyState.Closed]: 'closed',
  [PolicyState.Open]: 'open',
  [PolicyState.HalfOpen]: 'half-open',
  [PolicyState.Isolated]: 'forced-open',
}

/**
 * The plan's window in cockatiel's words.
 *
 * - The rate must exceed its threshold where ours need only reach it, and it may not be 1: a hair less mends both.
 * - It has no minimum number of calls but a minimum rate over the window; that of half a call less than the minimum
 *   asks for the same number, whatever is lost to rounding.
 * - It chooses its own buckets: one a second, at least five, each of whole milliseconds.
 * - It lets one probe through while half-open; the permitted number has no counterpart. Calls that come meanwhile are
 *   not refused: they wait for the probe's end, and then run or are refused.
 */
export function cockatielBreaker({ slidingWindow, failureRateThreshold, minimumCalls }: BreakerPlan): IBreaker {
  if (slidingWindow.type === 'consecutive') return new ConsecutiveBreaker(slidingWindow.size)
  const { durationMs } = slidingWindow
  const buckets = Math.max(5, Math.ceil(durationMs / 1000))
  const effectiveMs = Math.max(1, Math.round(durationMs / buckets)) * buckets
  return new SamplingBreaker({
    threshold: failureRateThreshold - 1e-9,
    duration: effectiveMs,
    minimumRps: ((minimumCalls - 0.5) * 1000) / effectiveMs,
  })
}

/** It can't tell its probes: nothing that a call sees says whether it is one. */
class Cockatiel implements AttachedTarget {
  readonly #policy: CircuitBreakerPolicy
  readonly #transitions: TransitionRecord[] = []
  #state: CircuitState = 'closed'
  #success = 0
  #error = 0
  #refused = 0

  constructor(breaker: BreakerPlan) {
    this.#policy = circuitBreaker(handleAll, {
      breaker: cockatielBreaker(breaker),
      halfOpenAfter: breaker.waitDurationInOpenStateMs,
    })
    this.#policy.onStateChange((to) => this.#moved(states[to]))
  }

  call(body: () => Promise<void>): Promise<Outcome> {
    return this.#policy.execute(body).then(this.#succeeded, this.#refusedOrFailed)
  }

  state(): CircuitState {
    return this.#state
  }

  observe(): CircuitObservation {
    return {
      state: this.#state,
      transitions: [...this.#transitions],
      lost: 0,
      outcomes: { success: this.#success, error: this.#error, ignored: 0, refused: this.#refused, stale: 0 },
    }
  }

  /** It has no timers: it looks at the clock when it is called. */
  detach(): void {}

  #moved(to: CircuitState): void {
    const epoch = this.#transitions.length + 1
    this.#transitions.push({ from: this.#state, to, epoch, atMs: monotonicClock.nowMs() })
    this.#state = to
  }

  // It has events for ends, but none for a refusal, and they would cost two clock reads a call: its answers are counted.
  readonly #succeeded = (): Outcome => {
    this.#success += 1
    return Outcome.success
  }

  readonly #refusedOrFailed = (error: unknown): Outcome => {
    if (isBrokenCircuitError(error)) {
      this.#refused += 1
      return Outcome.refused
    }
    this.#error += 1
    return Outcome.error
  }
}

export default target
