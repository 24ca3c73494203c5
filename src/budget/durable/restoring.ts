import type { SpentPart } from '../ledger/kept-account.js'
import type { ResolvedBudget } from '../ledger/options.js'
import type { Period } from '../period/period.js'
import { resolvePeriod } from '../period/resolve-period.js'
import type { StoredBudget } from './store.js'

/** What an earlier process left of a budget, as it counts now. */
export interface RestoredBudget {
  readonly period: number
  readonly overrun: number
  /** What counts as spent. */
  readonly parts: readonly SpentPart[]
  /** How much of that nobody knows whether it was spent. */
  readonly open: readonly SpentPart[]
}

/**
 * What is left of a budget when a process begins.
 *
 * Why it is never less than what was spent. When an earlier process ended, no more was committed than its ceiling, of which what
 * is known is part. The rest is a lease that is open, and counts as spent as late as it can have been: in the calendar's period that it was
 * granted for; of a sliding window, now, as the ceiling stood while the window went on, nobody knows for how long. What was spent in buckets that are in the
 * window now was so when the process ended, and is part of the ceiling. An account that was closed was not spent from any more: there
 * the lease is what was still reserved.
 *
 * Breaks if the lease is forgotten, or if it is put into a bucket that leaves the window before what was spent does.
 */
export function restored(stored: StoredBudget, isClosed: boolean, period: Period, nowMs: number): RestoredBudget {
  // A clock that was set back gives nothing back: the later period goes on.
  const current = Math.max(period.indexAt(nowMs), stored.period)
  const counts = ([index]: SpentPart) => index > current - period.buckets
  const parts = stored.parts.filter(counts)
  const open = stored.open.filter(counts)
  const isOver = stored.period <= current - period.buckets
  if (isOver && (isClosed || period.buckets === 1)) return { period: current, overrun: 0, parts, open }
  const leased = Math.max(0, stored.ceiling - sumOf(isClosed ? stored.parts : parts))
  return {
    period: current,
    overrun: isOver ? 0 : stored.overrun,
    parts: withPart(parts, current, leased),
    open: withPart(open, current, leased),
  }
}

export function sumOf(parts: readonly SpentPart[]): number {
  return parts.reduce((sum, [, amount]) => sum + amount, 0)
}

/** Tells kinds of periods apart whose numbers mean different things. */
export function kindOf(budget: ResolvedBudget): string {
  return JSON.stringify(resolvePeriod(budget))
}

/** `index` is that of the last part or a later one. */
function withPart(parts: readonly SpentPart[], index: number, amount: number): readonly SpentPart[] {
  if (amount === 0) return parts
  const last = parts.at(-1)
  if (last?.[0] !== index) return [...parts, [index, amount]]
  return [...parts.slice(0, -1), [index, last[1] + amount]]
}
