import { type BreakerOptions, type BreakerWorld, SharedCircuitBreaker, type ThreadOptions } from '../../src/index.js'
import { FakeClock } from '../fake-clock.js'

/** A breaker that few calls open. */
export const small = {
  slidingWindow: { type: 'time', durationMs: 10_000, buckets: 10 },
  minimumCalls: 4,
  failureRateThreshold: 0.5,
  waitDurationInOpenStateMs: 1000,
  permittedNumberOfCallsInHalfOpenState: 2,
} as const

/** A breaker on a fake clock, and short words for what tests do to it. */
export function drive(options: Partial<BreakerOptions & ThreadOptions> = {}, startMs?: number) {
  const clock = new FakeClock(startMs)
  const world: BreakerWorld = { clock }
  const breaker = SharedCircuitBreaker.create({ name: 'driven', maxThreads: 8, ...options }, world)
  return {
    clock,
    breaker,
    /** Another thread's end of the same circuit. */
    another: (own: ThreadOptions = {}) => SharedCircuitBreaker.attach(breaker.handle, own, world),
    succeed: (times = 1, end = breaker) => repeat(times, () => end.executeSync(() => 'done')),
    fail: (times = 1, end = breaker) => repeat(times, () => attempt(() => end.executeSync(failing))),
  }
}

export function failing(): never {
  throw new Error('the backend is down')
}

export function attempt(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}

function repeat(times: number, action: () => void): void {
  for (let count = 0; count < times; count++) action()
}
