import type { Evidence } from '../../src/evidence.js'
import type {
  SpendingAccount,
  SpendingEvidence,
  SpendingPlan,
  SpendingSample,
  SpendingThread,
} from '../../src/spending.js'
import { evidence, latency, plan } from '../evidence-builder.js'

/** Two threads that spent 900,000 of 1,000,000, and were refused 10 calls of 25,000. */
export const LIMIT = 1_000_000

export const spendingPlan: SpendingPlan = {
  case: 'original',
  ledger: 'reserve-settle',
  budgets: [{ name: 'day', per: 'day', limit: LIMIT }],
  permitted: LIMIT,
  cost: { min: 1000, max: 50_000 },
  estimate: 50_000,
  prices: [],
  reservationMs: 86_400_000,
  startMs: 0,
  hops: [],
}

export function spender(worker: number, changes: Partial<SpendingThread> = {}): SpendingThread {
  return {
    worker,
    allowed: 21,
    refused: 5,
    settled: 20,
    released: 1,
    late: 0,
    refusedEarly: 0,
    spent: 450_000,
    spentMost: 450_000,
    overrun: 0,
    open: 0,
    ...changes,
  }
}

export function look(committed: number, changes: Partial<SpendingSample> = {}): SpendingSample {
  return {
    atMs: 100,
    wallMs: 100,
    total: committed,
    least: committed,
    most: committed,
    committedLeast: committed,
    budgets: [
      { name: 'day', limit: LIMIT, period: 0, committed, reserved: 0, spent: committed, overrun: 0 },
      { name: 'month', limit: 2 * LIMIT, period: 0, committed, reserved: 0, spent: committed, overrun: 0 },
    ],
    ...changes,
  }
}

export function account(changes: Partial<SpendingAccount> = {}): SpendingAccount {
  const { threads = [spender(0), spender(1)] } = changes
  const sum = (field: keyof SpendingThread) => threads.reduce((all, thread) => all + thread[field], 0)
  return {
    key: 'calls',
    allowed: sum('allowed'),
    refused: sum('refused'),
    settled: sum('settled'),
    released: sum('released'),
    late: sum('late'),
    refusedEarly: sum('refusedEarly'),
    refusedCost: 25_000 * sum('refused'),
    threads,
    samples: [look(400_000), look(990_000)],
    samplesTaken: 2,
    atEnd: look(900_000),
    afterExpiry: look(900_000),
    ...changes,
  }
}

export function spent(
  changes: Partial<SpendingAccount> = {},
  others: { readonly evidence?: Partial<Evidence>; readonly spending?: Partial<SpendingEvidence> } = {},
): Evidence {
  const marks = { costRefusedMin: 1, spentShareMin: 0.85, allowedRateMin: 0.6 }
  return evidence({
    plan: plan({ spending: spendingPlan, marks }),
    spending: { accounts: [account(changes)], refusalLatency: latency(10, 1), hops: 0, ...others.spending },
    ...others.evidence,
  })
}
