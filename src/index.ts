/**
 * Busbar's breaker: one circuit for all the worker threads of a process.
 *
 *     import { SharedCircuitBreaker } from 'busbar'
 *
 *     // where the threads are created
 *     const breaker = SharedCircuitBreaker.create({ name: 'payments', failureRateThreshold: 0.5, minimumCalls: 20 })
 *     new Worker(file, { workerData: { breaker: breaker.handle } })
 *
 *     // in each of them
 *     const breaker = SharedCircuitBreaker.attach(workerData.breaker)
 *     const answer = await breaker.execute(() => fetch(url))
 */

export { AttachError, CallNotPermittedError, ConfigurationError, DetachedError } from './breaker/errors.js'
export type { Transition, TransitionListener } from './breaker/events/transition-feed.js'
export type { CircuitState } from './breaker/life/control-word.js'
export type { TransitionReason } from './breaker/life/transition-log.js'
export type { BreakerOptions, Configuration, SlidingWindow, ThreadOptions } from './breaker/options.js'
export {
  type BreakerHandle,
  type BreakerWorld,
  type Permission,
  SharedCircuitBreaker,
} from './breaker/shared-circuit-breaker.js'
export type { Snapshot, ThreadSnapshot } from './breaker/snapshot.js'
export type { CallCounts } from './breaker/threads/counters.js'
export type { Clock } from './world/clock.js'
