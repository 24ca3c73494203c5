import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { CostCircuitBreaker } from '../../../src/budget/cost/cost-circuit-breaker.js'
import type { CostBreakerOptions, CostThreadOptions } from '../../../src/budget/cost/options.js'
import { MemoryStore } from '../durable/memory-store.js'
import { budgetOf, closeAll, openLedger, SetClock, until } from '../durable/rig.js'
import { thrownBy } from '../thrown-by.js'
import { rejectionOf } from './costing.js'

/** A cost breaker over a durable budget of 1,000 a day, of which 100 are granted at a time. */
async function durably(options: Partial<CostBreakerOptions & CostThreadOptions> = {}) {
  const clock = new SetClock()
  const store = new MemoryStore()
  const durable = await openLedger({ store }, clock)
  const breaker = CostCircuitBreaker.create(
    {
      name: 'model',
      ledger: durable.ledger,
      estimator: { operations: [{ name: 'ask', defaultAmount: 10 }] },
      onRuleError: 'refuse',
      maxThreads: 4,
      auditCapacity: 64,
      ...options,
    },
    { wallClock: clock },
  )
  ended.push(breaker)
  return { breaker, durable, store }
}
const ended: CostCircuitBreaker[] = []

const ask = (cost: number) => ({ operation: 'ask', cost })
const answer = async () => 'answer'

describe('a cost breaker over a durable ledger', () => {
  afterEach(async () => {
    for (const breaker of ended.splice(0)) breaker.detach()
    await closeAll()
  })

  it('waits for room that is still to be granted, and counts the call once', async () => {
    const { breaker, durable } = await durably()
    expect(await breaker.execute(answer, ask(700))).to.equal('answer')
    expect(budgetOf(durable)).to.include({ spent: 700, reserved: 0 })
    const { calls, cost, circuit } = breaker.snapshot()
    expect(calls).to.include({ allowed: 1, blocked: 0 })
    expect(cost).to.include({ estimated: 700, savings: 0 })
    expect(circuit.total).to.include({ success: 1 })
  })

  it('makes all calls that the limit has room for, and no other', async () => {
    const { breaker, durable } = await durably({ grantLimitMs: 5_000 })
    const calls = Array.from({ length: 30 }, () => breaker.execute(answer, ask(50)))
    const became = await Promise.allSettled(calls)
    const refused = became.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[]
    expect(refused.map(({ reason }) => reason.code)).to.deep.equal(Array(10).fill('ERR_BUDGET_EXCEEDED'))
    expect(budgetOf(durable)).to.include({ spent: 1000 })
  })

  it('asks the rules once, however often it tries', async () => {
    const alerts: string[] = []
    const { breaker, store } = await durably({
      rules: [{ id: 'dear', threshold: { type: 'single-operation', amount: 500 }, action: 'alert', cooldownMs: 0 }],
      onAlert: ({ rule }) => alerts.push(rule),
      grantLimitMs: 60,
    })
    const release = store.hold()
    expect(await rejectionOf(breaker.execute(answer, ask(700)))).to.include({ code: 'ERR_BUDGET_NOT_GRANTED' })
    release()
    expect(alerts).to.deep.equal(['dear'])
  })

  it('waits no longer than it is told, and is then refused, once', async () => {
    const { breaker, durable, store } = await durably({ grantLimitMs: 30 })
    const release = store.hold()
    expect(await rejectionOf(breaker.execute(answer, ask(700)))).to.include({ code: 'ERR_BUDGET_NOT_GRANTED' })
    expect(await breaker.execute(answer, { ...ask(700), fallback: () => 'instead' })).to.equal('instead')
    release()
    expect(breaker.snapshot().calls.refusedBy).to.include({ budget: 2 })
    expect(budgetOf(durable)).to.include({ committed: 0 })
  })

  it('doesn’t wait where nothing can: in two steps, synchronously, and while the store fails', async () => {
    const { breaker, durable, store } = await durably({ grantLimitMs: 60_000 })
    const release = store.hold()
    const notYet = { code: 'ERR_BUDGET_NOT_GRANTED', isComing: true }
    expect(thrownBy(() => breaker.executeSync(() => 'answer', ask(700)))).to.include(notYet)
    expect(thrownBy(() => breaker.reserve(ask(700)))).to.include(notYet)
    store.error = new Error('EIO')
    release()
    await until(() => durable.state === 'failing')
    expect(await rejectionOf(breaker.execute(answer, ask(700)))).to.include({ ...notYet, isComing: false })
  })

  it('ends the wait as its caller’s signal does', async () => {
    const { breaker, durable, store } = await durably({ grantLimitMs: 60_000 })
    const release = store.hold()
    const controller = new AbortController()
    const call = breaker.execute(answer, { ...ask(700), signal: controller.signal })
    // By then it has been refused, and waits.
    await setImmediate()
    controller.abort(new Error('enough'))
    expect((await rejectionOf(call)).message).to.equal('enough')
    release()
    expect(budgetOf(durable)).to.include({ committed: 0 })
  })

  it('refuses a limit that is none', () => {
    const create = (grantLimitMs: number) => () =>
      CostCircuitBreaker.create({
        name: 'model',
        ledger: { budgets: [{ per: 'day', limit: 1 }] },
        estimator: { operations: [{ name: 'ask', defaultAmount: 1 }] },
        onRuleError: 'refuse',
        grantLimitMs,
      })
    for (const grantLimitMs of [-1, 0.5, Number.NaN, 2 ** 31]) {
      expect(thrownBy(create(grantLimitMs))).to.include({ code: 'ERR_CONFIGURATION', field: 'grantLimitMs' })
    }
  })
})
