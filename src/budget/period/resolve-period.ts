import { ConfigurationError } from '../../breaker/errors.js'
import { oneOf, whole } from '../../breaker/resolve-options.js'
import type { PeriodOptions } from './period.js'
import { isTimeZone } from './zoned-spans.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** How long a sliding window is. A month of it has thirty days, as it begins on none. */
const slidingMs = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS, month: 30 * DAY_MS } as const

const BUCKETS_MAX = 60
/** With buckets of a second their number would leave 31 bits in January 2038; of two seconds, in 2106. */
const BUCKETS_OF_A_MINUTE_MAX = 30

export interface CalendarOptions {
  readonly window: 'calendar'
  readonly per: PeriodOptions['per']
  readonly timeZone: string
  readonly resetDay: number
}

interface SlidingOptions {
  readonly window: 'sliding'
  readonly durationMs: number
  readonly buckets: number
}

export function resolvePeriod(options: PeriodOptions): CalendarOptions | SlidingOptions {
  const per = oneOf('per', options.per, ['minute', 'hour', 'day', 'month', 'total'])
  const window = oneOf('window', options.window ?? 'calendar', ['calendar', 'sliding'])
  const timeZone = options.timeZone ?? 'UTC'
  if (!isTimeZone(timeZone)) {
    throw new ConfigurationError('timeZone', timeZone, 'the name of an IANA time zone, such as "Europe/Berlin"')
  }
  if (window === 'sliding') {
    if (per === 'total') throw new ConfigurationError('window', window, '"calendar" for a total, which never ends')
    refuse('resetDay', options.resetDay, 'undefined with a sliding window, which begins on no day')
    const buckets = whole('buckets', options.buckets ?? 12, 2, per === 'minute' ? BUCKETS_OF_A_MINUTE_MAX : BUCKETS_MAX)
    return { window, durationMs: slidingMs[per], buckets }
  }
  refuse('buckets', options.buckets, 'undefined without a sliding window')
  if (per !== 'month') refuse('resetDay', options.resetDay, 'undefined unless the budget is per month')
  return { window, per, timeZone, resetDay: whole('resetDay', options.resetDay ?? 1, 1, 31) }
}

/** A setting that would do nothing is a mistake of whoever made it. */
function refuse(field: string, value: unknown, allowed: string): void {
  if (value !== undefined) throw new ConfigurationError(field, value, allowed)
}
