/**
 * Four worker threads ask one priced model, for two tenants, through one cost breaker: see them slowed down from 80 % of the budget on,
 * refused when it is used up, and never a micro-unit above it.
 *
 *     node dist/examples/cost-breaker/service.js [--workers 4] [--calls 400]
 */
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
// In your own code: from 'busbar/budget'
import { auditLines, CostCircuitBreaker } from '../../src/budget.js'
import { forThisThread } from './costs.js'
import type { Given } from './worker.js'

const { values: options } = parseArgs({
  options: { workers: { type: 'string', default: '4' }, calls: { type: 'string', default: '400' } },
})
const workerCount = Math.max(1, Math.trunc(Number(options.workers)))
const calls = Math.max(1, Math.trunc(Number(options.calls)))

// Where the threads are created. Amounts are whole micro-units: 1,000,000 are 1.00 of the currency.
const breaker = CostCircuitBreaker.create({
  name: 'model',
  circuit: { slidingWindow: { type: 'consecutive', size: 5 } },
  // Each tenant may spend 1.00 a day, all of them together 1.50.
  ledger: { budgets: [{ per: 'day', limit: 1_000_000 }], accounts: 100, reservationMs: 30_000 },
  commonBudgets: [{ per: 'day', limit: 1_500_000 }],
  accounts: [],
  estimator: { operations: [{ name: 'ask', defaultAmount: 5_000 }] },
  rules: [
    {
      id: 'slow-down',
      threshold: { type: 'percentage-daily', percent: 80 },
      action: 'throttle',
      throttle: { kind: 'token-bucket', factor: 0.5 },
    },
  ],
  ...forThisThread,
})

const workers = Array.from({ length: workerCount }, (_, at) => {
  const tenant = at % 2 === 0 ? 'anna' : 'otto'
  return new Worker(new URL('./worker.js', import.meta.url), {
    workerData: { breaker: breaker.handle, tenant, calls } satisfies Given,
  })
})
await Promise.all(workers.map((worker) => once(worker, 'exit')))

const { state, cost, calls: counts, accounts } = breaker.snapshot()
const currency = (amount = 0) => (amount / 1_000_000).toFixed(6)
console.log(`state: ${state}`)
console.log(
  `calls: ${counts.total}, of which ${counts.allowed} went; throttled ${counts.throttled}, over a budget ${counts.refusedBy.budget}`,
)
console.log(`estimated ${currency(cost.estimated)}, actual ${currency(cost.actual)}, saved ${currency(cost.savings)}`)
for (const { key, budgets } of [
  ...accounts,
  ...breaker.ledger.keys().map((each) => breaker.ledger.account(each).status()),
]) {
  for (const { name, spent, committed, limit } of budgets) {
    console.log(
      `${key}, ${name}: spent ${currency(spent)} of ${currency(limit)}${committed > limit ? ': OVERSPENT' : ''}`,
    )
  }
}
console.log('the last decisions:')
const lines: string[] = []
for await (const line of auditLines(breaker.auditReader(), { names: breaker.auditNames() })) lines.push(line)
process.stdout.write(lines.slice(-3).join(''))
breaker.detach()
