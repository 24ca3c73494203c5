import { ConfigurationError } from './errors.js'

/** How much of the past decides. */
export type SlidingWindow =
  /** Opens after `size` failures in a row, over all threads; a success anywhere begins the row anew. 1 to 65,535. */
  | { readonly type: 'consecutive'; readonly size: number }
  /** Opens by the failure rate of the last `durationMs` milliseconds, kept in `buckets` equal parts (default 10). */
  | { readonly type: 'time'; readonly durationMs: number; readonly buckets?: number }

/** What a breaker is made of. Only `name` has no default. Durations are whole or fractional milliseconds. */
export interface BreakerOptions {
  /** For messages, events and metrics. */
  readonly name: string
  /** Default: `{ type: 'time', durationMs: 10_000, buckets: 10 }`. */
  readonly slidingWindow?: SlidingWindow
  /** The circuit opens when failures ÷ calls reaches it. From 10⁻⁹ to 1. Default 0.5. */
  readonly failureRateThreshold?: number
  /** No rate is judged over fewer calls. Default 20. A consecutive window has no use for it. */
  readonly minimumCalls?: number
  /** How long an open circuit refuses before it lets probes through. Default 60,000. */
  readonly waitDurationInOpenStateMs?: number
  /** How many calls a half-open circuit lets through in all, over all threads. 1 to 256. Default 10. */
  readonly permittedNumberOfCallsInHalfOpenState?: number
  /** A probe that hasn't reported by then loses its permission to another; its own answer is then stale. Default 60,000. */
  readonly leaseDurationMs?: number
  /** How many threads may be attached at once, at most 1,024; rounded up to a power of two. Default 64. */
  readonly maxThreads?: number
}

/** What each thread decides for itself: functions don't cross threads. */
export interface ThreadOptions {
  /** Whether an error thrown by the action counts as a failure. Default: every error does. */
  readonly recordError?: (error: unknown) => boolean
  /** Whether it counts as nothing at all; asked first. Default: none does. */
  readonly ignoreError?: (error: unknown) => boolean
}

/** Resolved options, as every thread reads them from shared memory. */
export interface Configuration {
  readonly slidingWindow:
    | { readonly type: 'consecutive'; readonly size: number }
    | { readonly type: 'time'; readonly durationMs: number; readonly buckets: number }
  readonly failureRateThreshold: number
  readonly minimumCalls: number
  readonly waitDurationInOpenStateMs: number
  readonly permittedNumberOfCallsInHalfOpenState: number
  readonly leaseDurationMs: number
  readonly maxThreads: number
}

const LONGEST_MS = 2_147_483_647

export function resolveOptions(options: BreakerOptions): Configuration {
  if (typeof options.name !== 'string' || options.name === '') {
    throw new ConfigurationError('name', options.name, 'a string that is not empty')
  }
  const threads = whole('maxThreads', options.maxThreads ?? 64, 1, 1024)
  return {
    slidingWindow: resolveWindow(options.slidingWindow ?? { type: 'time', durationMs: 10_000 }),
    failureRateThreshold: rate('failureRateThreshold', options.failureRateThreshold ?? 0.5),
    minimumCalls: whole('minimumCalls', options.minimumCalls ?? 20, 1, LONGEST_MS),
    waitDurationInOpenStateMs: duration('waitDurationInOpenStateMs', options.waitDurationInOpenStateMs ?? 60_000),
    permittedNumberOfCallsInHalfOpenState: whole(
      'permittedNumberOfCallsInHalfOpenState',
      options.permittedNumberOfCallsInHalfOpenState ?? 10,
      1,
      256,
    ),
    leaseDurationMs: duration('leaseDurationMs', options.leaseDurationMs ?? 60_000),
    maxThreads: 2 ** Math.ceil(Math.log2(threads)),
  }
}

function resolveWindow(window: SlidingWindow): Configuration['slidingWindow'] {
  switch (window.type) {
    case 'consecutive':
      return { type: 'consecutive', size: whole('slidingWindow.size', window.size, 1, 65_535) }
    case 'time': {
      const durationMs = whole('slidingWindow.durationMs', window.durationMs, 1, LONGEST_MS)
      return { type: 'time', durationMs, buckets: whole('slidingWindow.buckets', window.buckets ?? 10, 1, 1000) }
    }
    default:
      throw new ConfigurationError('slidingWindow.type', (window as { type?: unknown }).type, '"consecutive" or "time"')
  }
}

function whole(field: string, value: unknown, least: number, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new ConfigurationError(field, value, `a whole number from ${least} to ${most}`)
}

function duration(field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 0 && value <= LONGEST_MS) return value
  throw new ConfigurationError(field, value, `milliseconds from 0 to ${LONGEST_MS}`)
}

function rate(field: string, value: unknown): number {
  if (typeof value === 'number' && value >= 1e-9 && value <= 1) return value
  throw new ConfigurationError(field, value, 'a number from 0.000000001 to 1')
}
