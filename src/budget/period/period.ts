import { CalendarPeriod } from './calendar.js'
import { resolvePeriod } from './resolve-period.js'
import { SlidingPeriod } from './sliding.js'
import { zonedSpans } from './zoned-spans.js'

/** How long a budget lasts before it begins anew. */
export interface PeriodOptions {
  /** `total` never ends. */
  readonly per: 'minute' | 'hour' | 'day' | 'month' | 'total'
  /** By whose clock and calendar hours, days and months begin: an IANA name such as `Europe/Berlin`. Default `'UTC'`. */
  readonly timeZone?: string | undefined
  /** The day on which a calendar month begins, 1 to 31; in a month that is shorter, its last day. Default 1. Only per month. */
  readonly resetDay?: number | undefined
  /**
   * `calendar`: it begins on the minute, hour, day or month of the time zone. `sliding`: the last minute, hour, day (24 hours) or
   * month (30 days) at any moment, whatever the time zone. Default `'calendar'`, and the only one for `total`.
   */
  readonly window?: 'calendar' | 'sliding' | undefined
  /** Into how many equal parts a sliding window is cut: 2 to 60, per minute 2 to 30. Default 12. Only with a sliding window. */
  readonly buckets?: number | undefined
}

/**
 * Time cut into spans, numbered so that a later span has a larger number: whole, from 0 to 2³¹ − 1. Of a calendar period a span is
 * the period, and its number the whole minutes from 1970 to its start. Of a sliding window a span is a bucket.
 *
 * Times are wall-clock milliseconds since 1970. Of one thread: it remembers the current span.
 */
export interface Period {
  /** How many spans make up the window that counts; 1 of a calendar period. */
  readonly buckets: number
  /** The number of the span that holds `nowMs`. Throws a `RangeError` for a time before 1970, or one whose number leaves 31 bits: the year 2106 at the earliest. */
  indexAt(nowMs: number): number
  /** When the span of that number begins: its first millisecond. */
  startOf(index: number): number
  /** When the span of that number ends: the first millisecond after it; `Infinity` for `total`. */
  endOf(index: number): number
}

/** Throws a `ConfigurationError` for the first field that is not allowed. */
export function periodOf(options: PeriodOptions): Period {
  const period = resolvePeriod(options)
  if (period.window === 'sliding') return new SlidingPeriod(period.durationMs, period.buckets)
  return new CalendarPeriod(zonedSpans(period))
}
