import CircuitBreaker from 'opossum'
import type { CircuitState } from '../breaker/life/control-word.js'
import type { TransitionRecord } from '../evidence.js'
import type { BreakerPlan } from '../plan.js'
import { type AttachedTarget, type CircuitObservation, Outcome, type Target } from '../target.js'
import { monotonicClock } from '../world/clock.js'

type Body = () => Promise<void>

const target: Target = {
  name: 'opossum',
  description: 'opossum 9, a breaker of its own in each worker.',
  view: 'per-worker',
  prepare: () => ({ handle: null, close() {} }),
  attach: (_handle, breaker) => new Opossum(breaker),
}

/**
 * The plan in opossum's words.
 *
 * - The rate must exceed its percentage where ours need only reach it: a hair less makes the two rules one.
 * - It divides failures by the calls begun, those in flight and those refused included, so under load it opens a
 *   little later than a rate of ended calls says.
 * - It lets one probe through while half-open; the permitted number has no counterpart.
 * - It has no window of consecutive failures. Nearest: as many calls as would make the run of failures, in its usual
 *   10 s, by the plan's failure rate. (By 100 % it would never open while any call is in flight.)
 * - Percentiles and snapshots, which nobody here reads, are off: with them each failure sorts the window's latencies.
 */
export function opossumOptions({ slidingWindow, ...breaker }: BreakerPlan): CircuitBreaker.Options {
  const consecutive = slidingWindow.type === 'consecutive'
  return {
    timeout: false,
    errorThresholdPercentage: breaker.failureRateThreshold * 100 - 1e-7,
    volumeThreshold: consecutive ? slidingWindow.size : breaker.minimumCalls,
    rollingCountTimeout: consecutive ? 10_000 : slidingWindow.durationMs,
    rollingCountBuckets: consecutive ? 10 : slidingWindow.buckets,
    resetTimeout: breaker.waitDurationInOpenStateMs,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  }
}

class Opossum implements AttachedTarget {
  readonly #breaker: CircuitBreaker<[Body], void>
  readonly #transitions: TransitionRecord[] = []
  readonly #probes: { epoch: number; admitted: number; returned: number }[] = []
  #state: CircuitState = 'closed'
  #success = 0
  #error = 0
  #refused = 0

  constructor(breaker: BreakerPlan) {
    this.#breaker = new CircuitBreaker(
      (body: Body) => {
        if (this.#state === 'half-open') this.#countProbe()
        return body()
      },
      opossumOptions(breaker) as CircuitBreaker.Options<[Body]>,
    )
    this.#breaker.on('open', () => this.#moved('open'))
    this.#breaker.on('halfOpen', () => this.#moved('half-open'))
    this.#breaker.on('close', () => this.#moved('closed'))
    this.#breaker.on('success', () => {
      this.#success += 1
    })
    this.#breaker.on('failure', () => {
      this.#error += 1
    })
    this.#breaker.on('reject', () => {
      this.#refused += 1
    })
  }

  call(body: Body): Promise<Outcome> {
    return this.#breaker.fire(body).then(succeeded, refusedOrFailed)
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
      // It awaits each probe, so all that it let through have ended by the time it is asked.
      probes: this.#probes.map((probe) => ({ ...probe, settled: probe.admitted })),
    }
  }

  /** Clears its timers: the one that turns the window's buckets, and the one that ends the open state. */
  detach(): void {
    this.#breaker.shutdown()
  }

  #moved(to: CircuitState): void {
    const epoch = this.#transitions.length + 1
    this.#transitions.push({ from: this.#state, to, epoch, atMs: monotonicClock.nowMs() })
    this.#state = to
    if (to === 'half-open') this.#probes.push({ epoch, admitted: 0, returned: 0 })
  }

  #countProbe(): void {
    const probe = this.#probes.at(-1)
    if (probe) probe.admitted += 1
  }
}

function succeeded(): Outcome {
  return Outcome.success
}

function refusedOrFailed(error: Error & { code?: string }): Outcome {
  if (!CircuitBreaker.isOurError(error)) return Outcome.error
  if (error.code === 'EOPENBREAKER') return Outcome.refused
  throw error
}

export default target
