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

export {
  AttachError,
  CallNotPermittedError,
  CallTimeoutError,
  ConfigurationError,
  DetachedError,
  type RefusalReason,
} from './breaker/errors.js'
export type { EventsOptions } from './breaker/events/breaker-events.js'
export { diagnosticsChannels } from './breaker/events/diagnostics.js'
export type { BreakerEvent, BreakerEventMap, EventListener, EventType, LoggedEvent } from './breaker/events/event.js'
export type { Transition, TransitionListener } from './breaker/events/transition-feed.js'
export type { Action, CallOptions } from './breaker/guarded-call.js'
export type { BreakerHandle, BreakerWorld, Permission } from './breaker/handle.js'
export type { CircuitState } from './breaker/life/control-word.js'
export { retryAfterWait } from './breaker/life/retry-after.js'
export type { TransitionReason } from './breaker/life/transition-log.js'
export type {
  BreakerOptions,
  Configuration,
  ExponentialWait,
  RampUp,
  Rules,
  SlidingWindow,
  StalledCalls,
  ThreadOptions,
} from './breaker/options.js'
export { BreakerRegistry, type RegistryHandle } from './breaker/registry/breaker-registry.js'
export { RegistryFullError, RegistryNotFoundError } from './breaker/registry/errors.js'
export type { RegistryOptions } from './breaker/registry/registry-options.js'
export type { SerializedBreaker } from './breaker/serialization.js'
export { SharedCircuitBreaker } from './breaker/shared-circuit-breaker.js'
export type { Snapshot, ThreadSnapshot } from './breaker/snapshot.js'
export type { CallCounts } from './breaker/threads/counters.js'
export type { WindowMeasure } from './breaker/window.js'
export type { Clock } from './world/clock.js'
export type { Random } from './world/random.js'
