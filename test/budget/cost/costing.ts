import type { AuditRecord } from '../../../src/budget/audit/audit-record.js'
import { CostCircuitBreaker } from '../../../src/budget/cost/cost-circuit-breaker.js'
import type { CostBreakerOptions, CostThreadOptions } from '../../../src/budget/cost/options.js'
import type { CostRule } from '../../../src/budget/rules/rule.js'
import { FakeClock } from '../../fake-clock.js'

/** Noon of a Monday, in UTC. */
export const NOON_MS = Date.UTC(2026, 5, 1, 12)

/** A breaker over 1,000 micro-units a day, on clocks that stand still; an operation `ask` costs 100 while nothing is known. */
export function costing(options: Partial<CostBreakerOptions & CostThreadOptions> = {}) {
  const wallClock = new FakeClock(NOON_MS)
  const clock = new FakeClock()
  const world = { wallClock, clock }
  const breaker = CostCircuitBreaker.create(
    {
      name: 'model',
      circuit: { slidingWindow: { type: 'consecutive', size: 3 }, waitDurationInOpenStateMs: 1000 },
      ledger: { budgets: [{ per: 'day', limit: 1000 }], accounts: 8, reservationMs: 60_000 },
      estimator: {
        operations: [
          { name: 'ask', defaultAmount: 100 },
          { name: 'draw', defaultAmount: 400 },
        ],
      },
      onRuleError: 'refuse',
      maxThreads: 4,
      auditCapacity: 64,
      ...options,
    },
    world,
  )
  const status = (key = 'default') => {
    const budget = breaker.ledger.account(key).status().budgets[0]
    return { committed: budget?.committed, reserved: budget?.reserved, spent: budget?.spent }
  }
  /** What the audit holds, as `decision reason amount`. */
  const audited = () =>
    [...breaker.auditReader().drain()].map((item) => {
      const { decision, reason, amount } = item as AuditRecord
      return `${decision} ${reason} ${amount}`
    })
  return { breaker, world, wallClock, clock, status, audited }
}

/** Blocks from so much of the day's budget on. */
export function blockFrom(amount: number, more: Partial<CostRule> = {}): CostRule {
  return { id: 'enough', threshold: { type: 'absolute-daily', amount }, action: 'block', ...more }
}

/** What a promise rejects with, with whatever fields it has. */
export async function rejectionOf(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  return promise.then(
    () => {
      throw new Error('nothing was rejected')
    },
    (error) => error,
  )
}

/** A promise, and what settles it. */
export function pending<T>() {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
