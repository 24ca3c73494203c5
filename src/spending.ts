import { z } from 'zod'
import type { LatencySummary } from './evidence.js'

/**
 * Calls that cost money, under budgets that all threads share. Amounts are whole micro-units: 1,000,000 are one unit of the currency.
 */

/** What is done to the budgets. */
export const spendingCases = ['original', 'tenth', 'jump', 'kills', 'calendar'] as const
export type SpendingCase = (typeof spendingCases)[number]

/**
 * Who keeps them.
 *
 * - `reserve-settle`: Busbar's ledger.
 * - `one-lock`: the original's design: look at what was spent, make the call, add its cost, all of it in one lock.
 * - `check-then-spend`: the same without the lock. It overspends, and is there to be caught.
 */
export const spendingLedgers = ['reserve-settle', 'one-lock', 'check-then-spend'] as const
export type SpendingLedger = (typeof spendingLedgers)[number]

const amount = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
const milliseconds = z.number().nonnegative().max(86_400_000)
const wallMs = z.number().int().nonnegative().max(4_000_000_000_000)

export const spendingSchema = z.strictObject({
  case: z.enum(spendingCases),
  ledger: z.enum(spendingLedgers),
  budgets: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(40),
        per: z.enum(['minute', 'hour', 'day', 'month', 'total']),
        timeZone: z.string().optional(),
        limit: amount.min(1),
      }),
    )
    .min(1)
    .max(16),
  /** What the budgets permit in all, over all periods that the run passes through. */
  permitted: amount,
  /** What a call costs: any amount between these two is as likely as another. */
  cost: z.strictObject({ min: amount, max: amount }),
  /** What a call reserves at least; more, once calls turned out to cost more. */
  estimate: amount,
  /** Times what the cost is from a call on, of all threads together: each counts its own share of them. */
  prices: z
    .array(z.strictObject({ fromCall: z.number().int().nonnegative(), factor: z.number().positive().max(1000) }))
    .max(100),
  reservationMs: z.number().int().min(1).max(2_147_483_647),
  /** The wall time that all threads see when the first measured stage begins: it goes on from there, whatever time it is. */
  startMs: wallMs,
  /** At these moments of the run the wall clock is set to another time, forward or back. */
  hops: z.array(z.strictObject({ atMs: milliseconds, toMs: wallMs })).max(100),
})

export type SpendingPlan = z.infer<typeof spendingSchema>

/** Warm-up spends too, from an account of its own, so that it compiles what is measured. */
export const spendingAccounts = ['warm-up', 'calls'] as const

/** What became of calls that cost money. */
export interface SpendingCounts {
  /** Calls whose estimate was reserved; each was made. */
  readonly allowed: number
  /** Calls that were not made, as a budget had no room. */
  readonly refused: number
  readonly settled: number
  /** Reserved and nothing spent: the call failed, or the circuit refused it. */
  readonly released: number
  /** Settled or released after the reservation had expired. */
  readonly late: number
  /** Refused although, by the threads' own records, there must have been room all the while. */
  readonly refusedEarly: number
}

/** What one thread wrote down itself, on cells that nobody else writes. */
export interface SpendingThread extends SpendingCounts {
  readonly worker: number
  /** Sums of what it settled: what is certain, and with what it was about to settle when it ended. */
  readonly spent: number
  readonly spentMost: number
  /** Of what it spent, what some budget had no room for, as the ledger told it. */
  readonly overrun: number
  /** Reserved and neither settled nor released when it ended. */
  readonly open: number
}

export interface SpentBudget {
  readonly name: string
  readonly limit: number
  /** Which period it is; a later one has a larger number. */
  readonly period: number
  readonly committed: number
  readonly reserved: number
  readonly spent: number
  readonly overrun: number
}

export interface SpendingSample {
  readonly atMs: number
  /** On the clock that the ledger sees, milliseconds since 1970. */
  readonly wallMs: number
  /** The sum of all settlements, by the ledger. */
  readonly total: number
  /** Between which it must lie, by the threads' own records. */
  readonly least: number
  readonly most: number
  /** What must be committed at least, by the same; absent where reservations may have expired. */
  readonly committedLeast?: number
  readonly budgets: readonly SpentBudget[]
}

export interface SpendingAccount extends SpendingCounts {
  readonly key: string
  /** What refused calls would have cost. */
  readonly refusedCost: number
  readonly threads: readonly SpendingThread[]
  /** Thinned; what contradicts is kept. */
  readonly samples: readonly SpendingSample[]
  readonly samplesTaken: number
  /** When all threads had ended, and then when all that could expire had. */
  readonly atEnd: SpendingSample
  readonly afterExpiry: SpendingSample
}

export interface SpendingEvidence {
  readonly accounts: readonly SpendingAccount[]
  /** Of calls that a budget refused, from the question to the answer. */
  readonly refusalLatency: LatencySummary
  /** How often the wall clock was set. */
  readonly hops: number
}
