import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { CostCircuitBreaker } from '../../../src/budget/cost/cost-circuit-breaker.js'
import { CostManager } from '../../../src/budget/cost/cost-manager.js'
import { inOwnThread } from '../../own-thread.js'
import type { Done, Work } from './thread.js'

const THREADS = 8
/** Where it is not about contention: a worker takes most of its time to start. */
const FEW = 3
const module = new URL('./thread.js', import.meta.url)
const estimator = { operations: [{ name: 'ask', defaultAmount: 100 }] }
const onRuleError = 'refuse' as const

function newBreaker(limit: number, reservationMs = 60_000, maxThreads = 16): CostCircuitBreaker {
  return CostCircuitBreaker.create({
    name: 'shared',
    ledger: { budgets: [{ per: 'total', limit }], accounts: 4, reservationMs },
    estimator,
    onRuleError,
    maxThreads,
  })
}

async function inThreads(work: Work, threads = FEW): Promise<Done> {
  const done = await Promise.all(Array.from({ length: threads }, () => inOwnThread<Done>(module, work)))
  return done.reduce((sum, each) => ({ allowed: sum.allowed + each.allowed, refused: sum.refused + each.refused }))
}

const budgetOf = (breaker: CostCircuitBreaker, key = 'default') => breaker.ledger.account(key).status().budgets[0]

describe('a cost breaker on real threads', function () {
  this.timeout(60_000)

  it('is never above its limit, uses all of it, and counts every call of every thread', async () => {
    const limit = 100_000
    const breaker = newBreaker(limit)
    const work = { handle: breaker.handle, calls: 1000, cost: 100, actual: 100 }
    let most = 0
    const watching = setInterval(() => {
      most = Math.max(most, budgetOf(breaker)?.committed ?? 0)
    }, 1)
    const { allowed, refused } = await inThreads(work, THREADS)
    clearInterval(watching)
    // Each settles what it reserved: so exactly as many calls go as the limit has room for, whoever makes them.
    expect(allowed).to.equal(limit / 100)
    expect(allowed + refused).to.equal(THREADS * 1000)
    expect(most).to.be.at.most(limit)
    expect(budgetOf(breaker)).to.include({ committed: limit, reserved: 0, spent: limit, overrun: 0 })
    const { calls, cost } = breaker.snapshot()
    expect(calls).to.deep.include({ total: THREADS * 1000, allowed, costBlocked: refused })
    expect(cost).to.deep.equal({ estimated: limit, actual: limit, overrun: 0, savings: refused * 100 })
    breaker.detach()
  })

  it('charges two accounts alike, whichever refuses', async () => {
    const breaker = newBreaker(60_000)
    breaker.reserve({ operation: 'ask', cost: 30_000, account: 'tenant' }).settle()
    const accounts = ['all', 'tenant']
    const { allowed } = await inThreads({ handle: breaker.handle, calls: 500, cost: 100, actual: 100, accounts })
    expect(allowed).to.equal(300)
    expect(budgetOf(breaker, 'all')).to.include({ committed: 30_000, reserved: 0, spent: 30_000 })
    expect(budgetOf(breaker, 'tenant')).to.include({ committed: 60_000, reserved: 0, spent: 60_000 })
    breaker.detach()
  })

  it('gets back what threads held that were terminated in the middle, and is never above its limit', async () => {
    const limit = 5000
    const breaker = newBreaker(limit, 500, 4)
    const workers = Array.from({ length: FEW }, () => {
      const workerData: Work = { handle: breaker.handle, calls: 10, cost: 50, actual: 10, hold: true }
      return new Worker(module, { workerData })
    })
    const done = (await Promise.all(workers.map((worker) => once(worker, 'message')))).map(([each]) => each as Done)
    await Promise.all(workers.map((worker) => worker.terminate()))
    const spent = done.reduce((sum, { allowed }) => sum + allowed * 10, 0)
    expect(budgetOf(breaker)).to.include({ reserved: FEW * 50, spent })
    await new Promise((resolve) => setTimeout(resolve, 700))
    breaker.ledger.expire()
    expect(budgetOf(breaker)).to.include({ reserved: 0, committed: spent, spent })
    // Their slots are free again, and their counts are kept.
    const again = await inThreads({ handle: breaker.handle, calls: 10, cost: 1, actual: 1 })
    expect(again).to.deep.equal({ allowed: 30, refused: 0 })
    const { calls, cost } = breaker.snapshot()
    expect(calls.allowed).to.equal(spent / 10 + FEW + 30)
    expect(cost.actual).to.equal(spent + 30)
    breaker.detach()
  })

  it('survives threads that are terminated anywhere', async () => {
    const limit = 20_000
    const breaker = newBreaker(limit, 300)
    for (let round = 0; round < 2; round++) {
      const work: Work = { handle: breaker.handle, calls: 1_000_000, cost: 7, actual: 0 }
      const workers = [0, 1, 2].map(() => new Worker(module, { workerData: work }))
      // Once all of them are in the middle of it.
      const before = breaker.snapshot().calls.allowed
      while (breaker.snapshot().calls.allowed < before + 50 + round * 37) {
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect(budgetOf(breaker)?.committed).to.be.at.most(limit)
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
    await new Promise((resolve) => setTimeout(resolve, 500))
    breaker.ledger.expire()
    expect(budgetOf(breaker)).to.include({ committed: 0, reserved: 0, spent: 0 })
    expect(breaker.snapshot().calls.allowed).to.be.above(0)
    breaker.detach()
  })
})

describe('a manager on real threads', function () {
  this.timeout(60_000)

  it('creates each breaker and account once, whoever asks first, and sums up', async () => {
    const manager = CostManager.create({
      ledger: { budgets: [{ per: 'total', limit: 50_000 }], accounts: 16 },
      estimator,
      onRuleError,
      breakers: 8,
    })
    const names = ['a', 'b', 'c', 'd', 'e']
    const work = { manager: manager.handle, names, calls: 1000, cost: 20, actual: 20, accounts: ['tenant'] }
    const { allowed, refused } = await inThreads(work)
    expect(allowed).to.equal(2500)
    expect([...manager.names()].sort()).to.deep.equal(names)
    expect(manager.totals()).to.deep.include({
      breakers: 5,
      accounts: 1,
      cost: { estimated: 50_000, actual: 50_000, overrun: 0, savings: refused * 20 },
    })
    const each = names.map((name) => manager.breaker(name).snapshot().calls.allowed)
    expect(each.reduce((sum, count) => sum + count, 0)).to.equal(2500)
    manager.detach()
  })
})
