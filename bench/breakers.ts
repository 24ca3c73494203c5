import { type BreakerOptions, type BreakerWorld, SharedCircuitBreaker, type SlidingWindow } from '../src/index.js'

/** The windows that are measured, as their documentation shows them. */
export const windows = {
  consecutive: { type: 'consecutive', size: 5 },
  count: { type: 'count', size: 100 },
  time: { type: 'time', durationMs: 10_000, buckets: 10 },
} as const satisfies Record<string, SlidingWindow>

const LONG_MS = 1_000_000_000

/** A breaker that stays as it is put: what refuses goes on refusing for as long as a benchmark lasts. */
export function breakerWith(
  slidingWindow: SlidingWindow,
  options: Partial<BreakerOptions> = {},
  world: BreakerWorld = {},
): SharedCircuitBreaker {
  const settings = { name: 'measured', slidingWindow, waitDurationInOpenStateMs: LONG_MS, ...options }
  return SharedCircuitBreaker.create(settings, world)
}

/** One that a failure has opened, so that each call asks whether its deadline has passed. */
export function openBreaker(): SharedCircuitBreaker {
  const breaker = breakerWith({ type: 'consecutive', size: 1 })
  breaker.onError(breaker.tryAcquirePermission(), new Error('opens the circuit'))
  return expectState(breaker, 'open')
}

/** One that was opened by hand: there is no deadline. */
export function forcedOpenBreaker(): SharedCircuitBreaker {
  const breaker = breakerWith(windows.consecutive)
  breaker.forceOpen()
  return expectState(breaker, 'forced-open')
}

/** A row that measured another state than it says would be worse than none. */
export function expectState(breaker: SharedCircuitBreaker, state: string): SharedCircuitBreaker {
  if (breaker.state !== state) throw new Error(`the breaker measured is ${breaker.state}; it should be ${state}`)
  return breaker
}
