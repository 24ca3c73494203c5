import { expect } from 'chai'
import type { BudgetStateChange } from '../../../src/budget/cost/budget-state.js'
import { costing, rejectionOf } from './costing.js'

const ask = { operation: 'ask' }

describe('the state of a cost breaker', () => {
  it('is budget-limited from 95 % of a blocking budget on, over-budget at all of it, and follows what is reserved', () => {
    const { breaker } = costing()
    const first = breaker.reserve({ ...ask, cost: 949 })
    expect(breaker.state).to.equal('closed')
    const second = breaker.reserve({ ...ask, cost: 1 })
    expect(breaker.state).to.equal('budget-limited')
    const third = breaker.reserve({ ...ask, cost: 50 })
    expect(breaker.state).to.equal('over-budget')
    third.release()
    expect(breaker.state).to.equal('budget-limited')
    second.settle(0)
    expect(breaker.state).to.equal('closed')
    first.settle(2000)
    expect(breaker.state).to.equal('over-budget')
  })

  it('begins where it is told to', () => {
    const { breaker } = costing({ budgetLimitedFrom: 0.5 })
    breaker.reserve({ ...ask, cost: 500 })
    expect(breaker.state).to.equal('budget-limited')
  })

  it('is the circuit’s while that is not closed', () => {
    const { breaker } = costing()
    breaker.reserve({ ...ask, cost: 1000 })
    breaker.circuit.forceOpen()
    expect(breaker.state).to.equal('forced-open')
    expect(breaker.snapshot().state).to.equal('forced-open')
    breaker.circuit.reset()
    expect(breaker.snapshot().state).to.equal('over-budget')
  })

  it('refuses like an open one when it is over-budget: whatever costs anything', async () => {
    const { breaker } = costing()
    breaker.reserve({ ...ask, cost: 1000 })
    await rejectionOf(breaker.execute(async () => 'answer', { ...ask, cost: 1 }))
    expect(await breaker.execute(async () => 'answer', { ...ask, cost: 0 })).to.equal('answer')
  })

  it('is not changed by a budget that counts only', () => {
    const { breaker } = costing({ ledger: { budgets: [{ per: 'day', limit: 10, blocking: false }] } })
    breaker.reserve({ ...ask, cost: 1000 })
    expect(breaker.state).to.equal('closed')
  })

  it('is closed again with the next period', () => {
    const { breaker, wallClock } = costing()
    breaker.reserve({ ...ask, cost: 1000 }).settle()
    expect(breaker.state).to.equal('over-budget')
    wallClock.pass(12 * 3_600_000)
    expect(breaker.state).to.equal('closed')
  })

  it('is that of other accounts where it is asked of those', () => {
    const { breaker } = costing()
    breaker.reserve({ ...ask, cost: 1000, account: 'anna' })
    expect(breaker.stateOf('anna')).to.equal('over-budget')
    expect(breaker.stateOf('otto', 'anna')).to.equal('over-budget')
    expect(breaker.stateOf('otto')).to.equal('closed')
    expect(breaker.state).to.equal('closed')
  })

  it('is told to a listener by the calls that find it changed', async () => {
    const changes: string[] = []
    const onStateChange = ({ from, to }: BudgetStateChange) => changes.push(`${from} → ${to}`)
    const { breaker, wallClock } = costing({ onStateChange })
    await breaker.execute(async ({ settle }) => settle(960), ask)
    await breaker.execute(async ({ settle }) => settle(100), { ...ask, cost: 40 })
    await rejectionOf(breaker.execute(async () => 'answer', ask))
    wallClock.pass(12 * 3_600_000)
    await breaker.execute(async () => 'answer', { ...ask, cost: 1 })
    expect(changes).to.deep.equal(['closed → budget-limited', 'budget-limited → over-budget', 'over-budget → closed'])
  })

  it('does not make a call fail whose listener throws', async () => {
    const onStateChange = () => {
      throw new Error('listener')
    }
    const { breaker } = costing({ onStateChange })
    expect(await breaker.execute(async ({ settle }) => settle(960), ask)).to.equal(undefined)
  })
})
