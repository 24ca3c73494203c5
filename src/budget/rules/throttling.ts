import type { Cells } from '../../memory/cells.js'
import type { ResolvedThrottle } from './resolve-rules.js'

/**
 * What a throttle lets through, counted over all threads. Nobody waits here: a call goes, is told after how long, or is refused.
 *
 * Map. Share: one cell, what is left over of the shares of the calls that asked, in billionths of a call. Place: 64 bits, when the next
 * call may go, in microseconds.
 *
 * Protocol. Each call adds its share to what is left over, by one compareExchange; it goes if it found nothing or has come to more than
 * a whole, which is taken off. Or it takes the next place by moving it on, by one compareExchange.
 *
 * Why safe. Each call changes the one word by a step of its own: of n calls that ask, over all threads, exactly ⌈n × factor⌉ go, and no
 * two have a place less than an interval apart. A thread that dies after its step has made a call less than it might.
 *
 * Breaks if each thread counts for itself: the first of each would go; or if credit is looked at and then taken.
 *
 * Limits. A factor is kept in billionths. Places begin anew where the wall clock was put back.
 */
export const ThrottleField = { share: 0, place: 2 } as const

const WHOLE = 1_000_000_000

/** How one throttle is asked: gives after how many milliseconds the call goes, or undefined if it doesn't. */
export type Ask = (nowMs: number) => number | undefined

export function throttleOf(cells: Cells, first: number, throttle: ResolvedThrottle): Ask {
  if (throttle.kind === 'token-bucket') {
    const share = Math.round(throttle.factor * WHOLE)
    return () => (takeShare(cells, first + ThrottleField.share, share) ? 0 : undefined)
  }
  const intervalUs = Math.ceil(throttle.intervalMs * 1000)
  const maxUs = Math.floor(throttle.maxDelayMs * 1000)
  return (nowMs) => takePlace(cells, first + ThrottleField.place, Math.floor(nowMs * 1000), intervalUs, maxUs)
}

function takeShare(cells: Cells, cell: number, share: number): boolean {
  for (;;) {
    const left = cells.load(cell)
    const sum = left + share
    // Ends: a failed exchange means that another thread's call took its step.
    if (cells.compareExchange(cell, left, sum % WHOLE) === left) return left === 0 || sum > WHOLE
  }
}

function takePlace(cells: Cells, cell: number, nowUs: number, intervalUs: number, maxUs: number): number | undefined {
  for (;;) {
    const found = cells.load64(cell)
    const next = Number(found)
    // No call was given a place so far off: the clock was put back.
    const isOfThisTime = next <= nowUs + maxUs + intervalUs
    const place = isOfThisTime ? Math.max(next, nowUs) : nowUs
    if (place - nowUs > maxUs) return undefined
    // Ends: as above.
    if (cells.compareExchange64(cell, found, BigInt(place + intervalUs)) === found) return (place - nowUs) / 1000
  }
}
