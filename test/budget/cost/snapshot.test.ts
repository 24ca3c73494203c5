import { expect } from 'chai'
import { auditLines } from '../../../src/budget/audit/audit-export.js'
import { CostCircuitBreaker } from '../../../src/budget/cost/cost-circuit-breaker.js'
import { blockFrom, costing, rejectionOf } from './costing.js'

const ask = { operation: 'ask' }

describe('the snapshot of a cost breaker', () => {
  it('counts each call once, and its money', async () => {
    const { breaker } = costing({ rules: [blockFrom(900, { appliesTo: { operations: ['draw'] } })] })
    await breaker.execute(async ({ settle }) => settle(60), ask)
    await breaker.execute(async ({ settle }) => settle(850), ask)
    await rejectionOf(breaker.execute(async () => 'answer', { operation: 'draw' }))
    await rejectionOf(breaker.execute(async () => 'answer', { ...ask, cost: 91 }))
    await rejectionOf(breaker.execute(async () => Promise.reject(new Error('down')), { ...ask, cost: 10 }))
    breaker.circuit.forceOpen()
    await rejectionOf(breaker.execute(async () => 'answer', ask))
    const { calls, cost, accounts, state, circuit, accuracy } = breaker.snapshot()
    expect(calls).to.deep.equal({
      total: 6,
      allowed: 3,
      blocked: 3,
      throttled: 0,
      costBlocked: 2,
      refusedBy: { circuit: 1, rule: 1, throttle: 0, budget: 1 },
      delayed: 0,
      released: 1,
      late: 0,
      blockRate: 0.5,
    })
    expect(cost).to.deep.equal({ estimated: 170, actual: 910, overrun: 0, savings: 491 })
    expect(accounts.map(({ key, total }) => [key, total])).to.deep.equal([['default', 910]])
    expect(state).to.equal('forced-open')
    expect(circuit.total).to.include({ success: 2, error: 1, ignored: 2, refused: 1 })
    expect(accuracy.ask).to.include({ estimates: 2 })
  })

  it('is the same seen from any end, and survives the ends that made it', async () => {
    const { breaker, world } = costing()
    const other = CostCircuitBreaker.attach(breaker.handle, { onRuleError: 'refuse' }, world)
    await breaker.execute(async () => 'answer', ask)
    await other.execute(async () => 'answer', ask)
    breaker.detach()
    expect(other.snapshot().calls.allowed).to.equal(2)
    const third = CostCircuitBreaker.attach(other.handle, { onRuleError: 'refuse' }, world)
    await third.execute(async () => 'answer', ask)
    expect(other.snapshot()).to.deep.include({ cost: { estimated: 300, actual: 300, overrun: 0, savings: 0 } })
  })

  it('holds money beyond 2³² micro-units', async () => {
    const limit = Number.MAX_SAFE_INTEGER
    const { breaker } = costing({ ledger: { budgets: [{ per: 'day', limit }] } })
    for (let count = 0; count < 3; count++) await breaker.execute(async () => 'answer', { ...ask, cost: 2 ** 32 - 1 })
    expect(breaker.snapshot().cost).to.include({ estimated: 3 * (2 ** 32 - 1), actual: 3 * (2 ** 32 - 1) })
  })

  it('is told in words by the audit', async () => {
    const { breaker } = costing({ rules: [blockFrom(0)], commonBudgets: [{ per: 'month', limit: 1 }] })
    breaker.ledger.account('otto')
    await rejectionOf(breaker.execute(async () => 'answer', { operation: 'draw', account: 'anna' }))
    const lines: string[] = []
    for await (const line of auditLines(breaker.auditReader(), { names: breaker.auditNames() })) lines.push(line)
    expect(JSON.parse(lines[0] ?? '')).to.include({
      account: 'anna',
      operation: 'draw',
      rule: 'enough',
      amount: 400,
      decision: 'refused',
      reason: 'rule',
      at: '2026-06-01T12:00:00.000Z',
    })
  })
})
