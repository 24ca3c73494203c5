import type { SpendingCase, SpendingPlan } from '../spending.js'
import { wallTimeOf } from '../world/clock.js'

/** What a case says beside who keeps the budgets. */
export type SpendingParts = Omit<SpendingPlan, 'case' | 'ledger'>

export interface SpendingDefaults {
  readonly workers: number
  readonly inFlight: number
  readonly requests: number
  readonly kills: number
  /** In place of a number of requests. */
  readonly durationMs?: number
  /** Share of what the budgets permit, and calls pay for, that must be spent. */
  readonly spentShareMin: number
  /** Share of the calls that must be allowed; absent where the budget is meant to refuse most. */
  readonly allowedRateMin?: number
}

/** The original's: 0.001 to 0.05 units a call. */
const cost = { min: 1000, max: 50_000 }
const MEAN = (cost.min + cost.max) / 2
/** Longer than any run: reservations don't expire. */
const LONG_MS = 86_400_000
/** Some two hundred times as long as a call. */
const SOON_MS = 2000
/** Noon in the middle of a month: no period ends on the way. */
const NOON_MS = timeOf('2026-05-12T12:00:00Z')

export const spendingDefaults: Readonly<Record<SpendingCase, SpendingDefaults>> = {
  original: { workers: 2, inFlight: 50, requests: 1000, kills: 0, spentShareMin: 0.9, allowedRateMin: 0.6 },
  tenth: { workers: 100, inFlight: 100, requests: 10_000, kills: 0, spentShareMin: 0.9 },
  jump: { workers: 4, inFlight: 100, requests: 5000, kills: 0, spentShareMin: 0.9 },
  kills: { workers: 8, inFlight: 64, requests: 10_000, kills: 20, spentShareMin: 0.9 },
  calendar: { workers: 4, inFlight: 40, requests: 0, durationMs: 3000, kills: 0, spentShareMin: 0.85 },
}

/** The plan of a case for so many calls; what killed threads had reserved comes back within the run. */
export function spendingParts(name: SpendingCase, requests: number, kills: number): SpendingParts {
  const parts = partsOf(name, requests)
  return kills > 0 && parts.hops.length === 0 ? { ...parts, reservationMs: SOON_MS } : parts
}

function partsOf(name: SpendingCase, requests: number): SpendingParts {
  switch (name) {
    case 'original':
      return still(share(requests, 0.9))
    case 'tenth':
      return still(share(requests, 0.1))
    case 'jump':
      // A third of the calls at the usual price, a third at a quarter of it, the rest at ten times as much: when it jumps there is a little room
      // left, and what is in flight has reserved less than it will cost.
      return {
        ...still(share(requests, 0.46)),
        prices: [
          { fromCall: Math.round(requests / 3), factor: 0.25 },
          { fromCall: Math.round((requests * 2) / 3), factor: 10 },
        ],
      }
    case 'kills':
      return still(share(requests, 0.5))
    case 'calendar':
      return calendar()
  }
}

function share(requests: number, part: number): number {
  return Math.max(1, Math.round(requests * part * MEAN))
}

/** As in the original a month is worth two days. */
function still(limit: number): SpendingParts {
  return {
    budgets: [
      { name: 'day', per: 'day', limit },
      { name: 'month', per: 'month', limit: 2 * limit },
    ],
    permitted: limit,
    cost,
    estimate: cost.max,
    prices: [],
    reservationMs: LONG_MS,
    startMs: NOON_MS,
    hops: [],
  }
}

/**
 * Through the week in which the clocks of Berlin are put forward, from shortly before each turn to shortly after it; each period is
 * spent to its end, so that one which began twice, or not, shows in the sum:
 *
 *     28 March, 23:00       100 calls' worth
 *     29 March, 0:00        100: a new day and hour
 *         1:59 or 3:00         50: the hour after 1:59 is 3:00; the day of 23 hours has 150
 *     30 March, 0:00        100: a new day, an hour sooner than 24 h after the last
 *     31 March, 23:00        50: the month has 400
 *     1 April, 0:00         100: a new month, day and hour
 *     31 March, 23:30         0: the clock is put back, and nothing begins again
 */
function calendar(): SpendingParts {
  const timeZone = 'Europe/Berlin'
  const calls = (count: number) => Math.round(count * MEAN)
  const before = (date: string) => timeOf(date) - 100
  return {
    budgets: [
      { name: 'hour', per: 'hour', timeZone, limit: calls(100) },
      { name: 'day', per: 'day', timeZone, limit: calls(150) },
      { name: 'month', per: 'month', timeZone, limit: calls(400) },
    ],
    permitted: calls(500),
    cost,
    // Small, so that hardly anything of a period is left over.
    estimate: cost.max,
    prices: [],
    reservationMs: 20 * LONG_MS,
    startMs: before('2026-03-28T23:00:00Z') - 300,
    hops: [
      { atMs: 900, toMs: before('2026-03-29T01:00:00Z') },
      { atMs: 1400, toMs: before('2026-03-29T22:00:00Z') },
      { atMs: 1900, toMs: before('2026-03-31T22:00:00Z') - 300 },
      { atMs: 2700, toMs: timeOf('2026-03-31T21:30:00Z') },
    ],
  }
}

function timeOf(date: string): number {
  return wallTimeOf(date) as number
}
