import { wallTimeMs, wallTimeOf } from '../../world/clock.js'

/**
 * A `waitIntervalFunction` that waits as long as the backend's answer asks for: by the `Retry-After` of the error that opened
 * the circuit, in seconds or as a date (RFC 9110, section 10.2.3), at most `maxMs`. It is looked for in `headers` of the
 * error, of its `response` and of its `cause`. Without one: as configured.
 */
export function retryAfterWait({ maxMs = 3_600_000 } = {}): (attempt: number, error: unknown) => number | undefined {
  return (_attempt, error) => {
    const header = retryAfterOf(error)
    const waitMs = header === undefined ? undefined : parse(header)
    return waitMs === undefined ? undefined : Math.min(waitMs, maxMs)
  }
}

function retryAfterOf(error: unknown): string | undefined {
  for (const holder of [error, property(error, 'response'), property(error, 'cause')]) {
    const headers = property(holder, 'headers')
    const get = property(headers, 'get')
    const value = typeof get === 'function' ? get.call(headers, 'retry-after') : plainHeader(headers)
    if (typeof value === 'string' || typeof value === 'number') return String(value)
  }
  return undefined
}

function plainHeader(headers: unknown): unknown {
  return property(headers, 'retry-after') ?? property(headers, 'Retry-After')
}

function property(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null ? (holder as Record<string, unknown>)[name] : undefined
}

/** The three forms of a date in HTTP (RFC 9110, section 5.6.7) begin with the day's name; only one says that it is of GMT. */
const HTTP_DATE = /^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s/i

function parse(header: string): number | undefined {
  const text = header.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  if (!HTTP_DATE.test(text)) return undefined
  const dateMs = wallTimeOf(text.endsWith('GMT') ? text : `${text} GMT`)
  return dateMs === undefined ? undefined : Math.max(0, dateMs - wallTimeMs())
}
