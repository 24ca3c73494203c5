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
export type { CircuitState } from './breaker/control-word.js'
export type { CallCounts } from './breaker/counters.js'
export { AttachError, CallNotPermittedError, ConfigurationError, DetachedError } from './breaker/errors.js'
export type { BreakerOptions, Configuration, SlidingWindow, ThreadOptions } from './breaker/options.js'
export {
  type BreakerHandle,
  type BreakerWorld,
  type Permission,
  SharedCircuitBreaker,
} from './breaker/shared-circuit-breaker.js'
export type { Snapshot, ThreadSnapshot } from './breaker/snapshot.js'
export type { Transition, TransitionListener } from './breaker/transition-feed.js'
export type { TransitionReason } from './breaker/transition-log.js'
export type { Clock } from './world/clock.js'
