import {
  type CircuitBreakerPolicy,
  ConsecutiveBreaker,
  circuitBreaker,
  handleAll,
  type IBreaker,
  SamplingBreaker,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel'
import CircuitBreaker from 'opossum'
import { windows } from './breakers.js'

/**
 * The peers, set as our breaker of the same row is. Opossum has one window, of time; its latency percentiles and
 * snapshots, which ours doesn't compute, are off, as that makes it no slower.
 */
const LONG_MS = 1_000_000_000

const consecutive = () => new ConsecutiveBreaker(windows.consecutive.size)
const sampling = () => new SamplingBreaker({ threshold: 0.5, duration: windows.time.durationMs, minimumRps: 2 })

function policy(breaker: IBreaker): CircuitBreakerPolicy {
  return circuitBreaker(handleAll, { breaker, halfOpenAfter: LONG_MS })
}

export const cockatielConsecutive = () => policy(consecutive())
export const cockatielSampling = () => policy(sampling())

/** Its timeout is a policy of its own, inside the circuit's: a call that takes too long counts as failed. */
export function cockatielWithTimeout(timeoutMs: number) {
  return wrap(policy(consecutive()), timeout(timeoutMs, TimeoutStrategy.Aggressive))
}

/** One that a failure has opened. */
export async function cockatielOpen(): Promise<CircuitBreakerPolicy> {
  const open = policy(new ConsecutiveBreaker(1))
  await open.execute(() => Promise.reject(new Error('opens the circuit'))).catch(() => {})
  return open
}

export function opossum<Result>(action: () => Promise<Result>, timeoutMs: number | false = false) {
  return new CircuitBreaker(action, {
    timeout: timeoutMs,
    resetTimeout: LONG_MS,
    rollingCountTimeout: windows.time.durationMs,
    rollingCountBuckets: windows.time.buckets,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  })
}
