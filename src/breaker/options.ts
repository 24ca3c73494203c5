import type { CircuitState } from './life/control-word.js'

/** How much of the past decides. */
export type SlidingWindow =
  /** Opens after `size` failures in a row, over all threads; a success anywhere begins the row anew. 1 to 65,535. */
  | { readonly type: 'consecutive'; readonly size: number }
  /** Opens by the rates among the last `size` calls, over all threads. 1 to 1,000,000. */
  | { readonly type: 'count'; readonly size: number }
  /** Opens by the rates of the last `durationMs` milliseconds, kept in `buckets` equal parts (default 10). */
  | { readonly type: 'time'; readonly durationMs: number; readonly buckets?: number }

/**
 * A wait that grows: `initialMs × multiplier^(attempt − 1)`, at most `maxMs`, each drawn evenly from
 * ± `randomizationFactor` of itself, so that many processes don't come back at one moment.
 */
export interface ExponentialWait {
  readonly initialMs: number
  /** From 1 to 1,000. Default 2. */
  readonly multiplier?: number
  /** Default: an hour. */
  readonly maxMs?: number
  /** From 0 (none) to 1. Default 0.5. */
  readonly randomizationFactor?: number
}

/** The share of calls that is admitted after a recovery, step by step, before all are. */
export interface RampUp {
  /** At most 8, each above 0 and at most 1: `[0.1, 0.25, 0.5]`. */
  readonly shares: readonly number[]
  /** How long each share holds. */
  readonly stepDurationMs: number
}

/** Opens as soon as `count` calls are under way that began longer than `ageMs` ago, over all threads. */
export interface StalledCalls {
  /** An age is known to within a quarter of it: such a call is counted after `ageMs` to 1.25 `ageMs`. */
  readonly ageMs: number
  readonly count: number
}

/**
 * What a breaker decides by, and can be changed while it runs (`reconfigure`). Durations are whole or fractional
 * milliseconds. The names are Resilience4j's where it has one.
 */
export interface Rules {
  /** Default: `{ type: 'time', durationMs: 10_000, buckets: 10 }`. */
  readonly slidingWindow?: SlidingWindow
  /** The circuit opens when failures ÷ calls reaches it. From 10⁻⁹ to 1. Default 0.5. */
  readonly failureRateThreshold?: number
  /** A call that took so long is slow. Default: none is. Not with a consecutive window. */
  readonly slowCallDurationThresholdMs?: number | undefined
  /** The circuit opens when slow calls ÷ calls reaches it. Default 1. */
  readonly slowCallRateThreshold?: number
  /** No rate is judged over fewer calls; at most the size of a count window. Default 20. Not for a consecutive window. */
  readonly minimumCalls?: number
  /** How long an open circuit refuses before it lets probes through. Default 60,000. */
  readonly waitDurationInOpenStateMs?: number | ExponentialWait
  /** How many calls a half-open circuit lets through in all, over all threads. 1 to 256. Default 10. */
  readonly permittedNumberOfCallsInHalfOpenState?: number
  /** A half-open circuit that is undecided after so long changes by itself. Default 0: it waits for its probes. */
  readonly maxWaitDurationInHalfOpenStateMs?: number
  /** To which state it changes then. Default `'open'`. */
  readonly transitionToStateAfterWaitDuration?: 'open' | 'closed'
  /** A probe that hasn't reported by then loses its permission to another; its own answer is then stale. Default 60,000. */
  readonly leaseDurationMs?: number
  /** Default: a circuit that closes admits every call at once. */
  readonly rampUp?: RampUp | undefined
  /**
   * The circuit opens for all only when so many threads have failures in the window; a thread whose own calls reach the
   * thresholds alone is cut off alone. Default 1: threads are not told apart. Only with a time window.
   */
  readonly quorum?: number
  /** Default: only the end of a call counts. */
  readonly stalledCalls?: StalledCalls | undefined
  /** How many calls may be under way at once, over all threads. Default: any number. At most 65,536. */
  readonly maxConcurrentCalls?: number | undefined
  /** An `execute` that takes longer fails with a `CallTimeoutError`, and its signal is aborted. Default: never. */
  readonly timeoutMs?: number | undefined
}

/** What a breaker is made of. Only `name` has no default. */
export interface BreakerOptions extends Rules {
  /** For messages, events and metrics. */
  readonly name: string
  /** In which state it begins. Default `'closed'`. */
  readonly initialState?: CircuitState
  /**
   * How many threads may be attached at once, at most 1,024; rounded up to a power of two. Default 64. The number of a life
   * repeats after 2²⁹ ÷ `maxThreads` transitions: 524,288 with 1,024 threads, 8,388,608 with 64.
   */
  readonly maxThreads?: number
  /**
   * How many events a listener may fall behind before it loses some, 16 to 65,536; rounded up to a power of two.
   * Default 128. Transitions have a log of their own.
   */
  readonly eventCapacity?: number
}

/** What each thread decides for itself: functions don't cross threads. */
export interface ThreadOptions {
  /** Whether an error thrown by the action counts as a failure. Default: every error does. */
  readonly recordError?: (error: unknown) => boolean
  /** Whether it counts as nothing at all; asked first. Default: none does. */
  readonly ignoreError?: (error: unknown) => boolean
  /** Whether what the action returned counts as a failure all the same. Default: nothing does. */
  readonly recordResult?: (result: unknown) => boolean
  /**
   * How long the circuit stays open if this thread opens it, in milliseconds, for the attempt (1 when it opens first, one
   * more each time that its probes fail) and the error that opened it, if there was one. Undefined: as configured. One
   * that throws, or gives anything else, is not listened to, and a process warning says so.
   */
  readonly waitIntervalFunction?: (attempt: number, error: unknown) => number | undefined
}

/** Rules with every default filled in, as every thread reads them from shared memory. */
export interface Configuration {
  readonly slidingWindow:
    | { readonly type: 'consecutive'; readonly size: number }
    | { readonly type: 'count'; readonly size: number }
    | { readonly type: 'time'; readonly durationMs: number; readonly buckets: number }
  readonly failureRateThreshold: number
  readonly slowCallDurationThresholdMs: number | undefined
  readonly slowCallRateThreshold: number
  readonly minimumCalls: number
  readonly waitDurationInOpenStateMs: number | Required<ExponentialWait>
  readonly permittedNumberOfCallsInHalfOpenState: number
  readonly maxWaitDurationInHalfOpenStateMs: number
  readonly transitionToStateAfterWaitDuration: 'open' | 'closed'
  readonly leaseDurationMs: number
  readonly rampUp: RampUp | undefined
  readonly quorum: number
  readonly stalledCalls: StalledCalls | undefined
  readonly maxConcurrentCalls: number | undefined
  readonly timeoutMs: number | undefined
}
