import { expect } from 'chai'
import { CostManager, type CostManagerOptions } from '../../../src/budget/cost/cost-manager.js'
import type { CostThreadOptions } from '../../../src/budget/cost/options.js'
import { FakeClock } from '../../fake-clock.js'
import { thrownBy } from '../thrown-by.js'
import { blockFrom, NOON_MS, pending, rejectionOf } from './costing.js'

const ask = { operation: 'ask' }

function managing(options: Partial<CostManagerOptions & CostThreadOptions> = {}) {
  const wallClock = new FakeClock(NOON_MS)
  const world = { wallClock, clock: new FakeClock() }
  const manager = CostManager.create(
    {
      ledger: { budgets: [{ per: 'day', limit: 1000 }], accounts: 3000 },
      estimator: { operations: [{ name: 'ask', defaultAmount: 100 }] },
      onRuleError: 'refuse',
      breakers: 4,
      maxThreads: 2,
      circuits: { slidingWindow: { type: 'consecutive', size: 2 } },
      auditCapacity: 64,
      ...options,
    },
    world,
  )
  const attach = () => CostManager.attach(manager.handle, { onRuleError: 'refuse' }, world)
  return { manager, attach, wallClock }
}

describe('a manager of cost breakers', () => {
  it('gives each name one breaker, whose circuits are apart and whose budgets are not', async () => {
    const { manager } = managing()
    const openai = manager.breaker('openai')
    const mistral = manager.breaker('mistral', { slidingWindow: { type: 'consecutive', size: 1 } })
    expect(manager.breaker('openai')).to.equal(openai)
    expect(manager.names()).to.deep.equal(['openai', 'mistral'])
    expect(manager.has('mistral')).to.equal(true)
    expect(manager.has('other')).to.equal(false)
    await rejectionOf(mistral.execute(async () => Promise.reject(new Error('down')), ask))
    expect(mistral.state).to.equal('open')
    expect(openai.state).to.equal('closed')
    await openai.execute(async () => 'answer', { ...ask, cost: 1000 })
    mistral.circuit.reset()
    expect(mistral.state).to.equal('over-budget')
    expect(await rejectionOf(mistral.execute(async () => 'answer', ask))).to.include({ code: 'ERR_BUDGET_EXCEEDED' })
  })

  it('counts calls by breaker, and sums them up, seen from any end', async () => {
    const { manager, attach } = managing()
    const other = attach()
    // In another order, so that an end’s own order is not what counts.
    other.breaker('b')
    await manager.breaker('a').execute(async () => 'answer', { ...ask, cost: 10 })
    await manager.breaker('b').execute(async () => 'answer', { ...ask, cost: 20 })
    await other.breaker('a').execute(async () => 'answer', { ...ask, cost: 40 })
    await rejectionOf(other.breaker('b').execute(async () => 'answer', { ...ask, cost: 2000 }))
    other.breaker('b').circuit.forceOpen()
    await rejectionOf(manager.breaker('b').execute(async () => 'answer', ask))
    expect(manager.breaker('a').snapshot().cost.actual).to.equal(50)
    expect(other.breaker('b').snapshot().cost.actual).to.equal(20)
    const totals = manager.totals()
    expect(totals).to.deep.include({ breakers: 2, accounts: 1 })
    expect(totals.cost).to.deep.equal({ estimated: 70, actual: 70, overrun: 0, savings: 2000 })
    expect(totals.calls).to.deep.include({ total: 5, allowed: 3, blocked: 2, costBlocked: 1, blockRate: 0.4 })
    expect(other.totals()).to.deep.equal(totals)
  })

  it('has budgets by tenant, thousands of them in one buffer', function () {
    this.timeout(20_000)
    const { manager, attach } = managing()
    const breaker = manager.breaker('model')
    for (let tenant = 0; tenant < 2999; tenant++)
      breaker.reserve({ ...ask, cost: tenant % 7, account: `t${tenant}` }).settle()
    expect(manager.totals()).to.deep.include({ accounts: 2999 })
    expect(attach().account('t2005').status().total).to.equal(2005 % 7)
    manager.account('last')
    expect(thrownBy(() => manager.account('one more'))).to.include({ code: 'ERR_LEDGER_FULL' })
  })

  it('is full when there are as many breakers as it was made for', () => {
    const { manager } = managing()
    for (const name of ['a', 'b', 'c', 'd']) manager.breaker(name)
    expect(thrownBy(() => manager.breaker('e'))).to.include({ code: 'ERR_REGISTRY_FULL' })
    expect(manager.breaker('d').snapshot().calls.total).to.equal(0)
  })

  it('has one set of rules for all of its breakers', async () => {
    const { manager } = managing({ rules: [blockFrom(100)] })
    await manager.breaker('a').execute(async () => 'answer', ask)
    expect(await rejectionOf(manager.breaker('b').execute(async () => 'answer', ask))).to.include({ rule: 'enough' })
  })

  it('declares an emergency for all of its breakers, with an audit entry', async () => {
    const { manager, attach } = managing({ rules: [blockFrom(0, { emergencyOverride: true })] })
    const other = attach()
    other.declareEmergency(60_000)
    expect(await manager.breaker('a').execute(async () => 'answer', ask)).to.equal('answer')
    other.endEmergency()
    await rejectionOf(manager.breaker('a').execute(async () => 'answer', ask))
    const decisions = [...manager.auditReader().drain()].map((item) => 'decision' in item && item.decision)
    expect(decisions).to.deep.equal(['overridden', 'overridden', 'allowed', 'settled', 'alert', 'refused'])
    expect(manager.auditNames()).to.deep.equal({ accounts: ['default'], operations: ['ask'], rules: ['enough'] })
  })

  it('has common budgets, if they are given', () => {
    const { manager } = managing({ commonBudgets: [{ per: 'month', limit: 500 }] })
    manager
      .breaker('a')
      .reserve({ ...ask, account: 'anna' })
      .settle()
    expect(manager.commonAccount()?.status().total).to.equal(100)
    expect(managing().manager.commonAccount()).to.equal(undefined)
  })

  it('charges what is under way when it is detached, and then gives its slot back', async () => {
    const { manager, attach } = managing()
    const other = attach()
    const run = pending<void>()
    const call = other.breaker('a').execute(async () => run.promise, ask)
    other.detach()
    expect(thrownBy(attach)).to.include({ code: 'ERR_TOO_MANY_THREADS' })
    run.resolve()
    await call
    expect(manager.totals().cost.actual).to.equal(100)
    attach().detach()
  })
})
