import { Temporal } from 'temporal-polyfill'
import type { Span, SpanAround } from './calendar.js'
import type { CalendarOptions } from './resolve-period.js'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/**
 * Minutes, hours, days and months as the clocks and calendars of a time zone show them.
 *
 * A day lasts from its first moment to the next day's, 23 or 25 hours where the clock is changed; one that the calendar leaves out
 * is none. Where a clock is put back over midnight, the date goes back too: then the day that has begun goes on, so that a budget
 * never begins twice. An hour lasts 60 minutes, and is cut short where a clock is moved by a part of an hour.
 */
export function zonedSpans({ per, timeZone, resetDay }: CalendarOptions): SpanAround {
  switch (per) {
    case 'total':
      return () => ({ startMs: 0, endMs: Number.POSITIVE_INFINITY })
    case 'minute':
      // Offsets have been whole minutes everywhere since 1972.
      return (atMs) => lasting(Math.floor(atMs / MINUTE_MS) * MINUTE_MS, MINUTE_MS)
    case 'hour':
      return (atMs) => hourAround(momentAt(atMs, timeZone))
    case 'day':
      return (atMs) => spanBetween(atMs, timeZone, (date, days) => date.add({ days }))
    case 'month':
      return (atMs) => spanBetween(atMs, timeZone, (date, months) => resetDate(date, months, resetDay))
  }
}

export function isTimeZone(name: unknown): boolean {
  if (typeof name !== 'string') return false
  try {
    momentAt(0, name)
    return true
  } catch {
    return false
  }
}

function momentAt(atMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone)
}

/** The span of dates around a moment: `begins` tells the date on which one begins, so many after that of the given date. */
function spanBetween(
  atMs: number,
  timeZone: string,
  begins: (date: Temporal.PlainDate, after: number) => Temporal.PlainDate,
): Span {
  const date = momentAt(atMs, timeZone).toPlainDate()
  const startOf = (after: number) => begins(date, after).toZonedDateTime({ timeZone }).epochMilliseconds
  const next = startOf(1)
  // The date has gone back to one that was over: see above.
  return atMs < next ? { startMs: startOf(0), endMs: next } : { startMs: next, endMs: startOf(2) }
}

/** The reset date of the period that holds `date`, or of a later one: each anew from the reset day, as a short month must not shorten the next. */
function resetDate(date: Temporal.PlainDate, monthsAfter: number, resetDay: number): Temporal.PlainDate {
  const inMonth = (months: number) => date.add({ months }).with({ day: resetDay })
  const hasBegun = Temporal.PlainDate.compare(date, inMonth(0)) >= 0
  return inMonth(monthsAfter - (hasBegun ? 0 : 1))
}

function hourAround(moment: Temporal.ZonedDateTime): Span {
  const { epochMilliseconds: atMs, offsetNanoseconds, timeZoneId } = moment
  const offsetMs = offsetNanoseconds / 1e6
  const hour = lasting(Math.floor((atMs + offsetMs) / HOUR_MS) * HOUR_MS - offsetMs, HOUR_MS)
  const sameOffset = (ms: number) => momentAt(ms, timeZoneId).offsetNanoseconds === offsetNanoseconds
  if (sameOffset(hour.startMs) && sameOffset(hour.endMs - 1)) return hour
  const changedMs = moment.add({ nanoseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds
  const changesMs = moment.getTimeZoneTransition('next')?.epochMilliseconds
  return {
    startMs: Math.max(hour.startMs, changedMs ?? hour.startMs),
    endMs: Math.min(hour.endMs, changesMs ?? hour.endMs),
  }
}

function lasting(startMs: number, durationMs: number): Span {
  return { startMs, endMs: startMs + durationMs }
}
