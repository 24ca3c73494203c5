import { expect } from 'chai'
import { costing, rejectionOf } from './costing.js'

const ask = { operation: 'ask' }

describe('a call that is charged to several accounts', () => {
  it('reserves and settles all of them', async () => {
    const { breaker, status } = costing()
    await breaker.execute(async ({ settle }) => settle(70), { ...ask, accounts: ['all', 'anna'] })
    await breaker.execute(async ({ settle }) => settle(20), { ...ask, accounts: ['all', 'otto'] })
    expect(status('all')).to.deep.equal({ committed: 90, reserved: 0, spent: 90 })
    expect(status('anna').spent).to.equal(70)
    expect(status('otto').spent).to.equal(20)
    expect(breaker.ledger.keys()).to.not.include('default')
  })

  it('releases what it had reserved when a later one refuses', async () => {
    const { breaker, status } = costing()
    await breaker.execute(async ({ settle }) => settle(950), { ...ask, account: 'anna' })
    const refusal = await rejectionOf(breaker.execute(async () => 'answer', { ...ask, accounts: ['all', 'anna'] }))
    expect(refusal).to.include({ code: 'ERR_BUDGET_EXCEEDED', account: 'anna', committed: 950 })
    expect(status('all')).to.deep.equal({ committed: 0, reserved: 0, spent: 0 })
    expect(status('anna')).to.deep.equal({ committed: 950, reserved: 0, spent: 950 })
  })

  it('is charged to the common budgets, whose limits are their own, whatever it names', async () => {
    const { breaker } = costing({ commonBudgets: [{ per: 'month', limit: 250 }] })
    await breaker.execute(async () => 'answer', { ...ask, account: 'anna' })
    await breaker.execute(async () => 'answer', { ...ask, account: 'otto' })
    const refusal = await rejectionOf(breaker.execute(async () => 'answer', { ...ask, account: 'ida' }))
    expect(refusal).to.include({ account: 'common', budget: 'month', committed: 200, limit: 250 })
    expect(breaker.ledger.account('ida').status().budgets[0]?.committed).to.equal(0)
  })

  it('may have common budgets alone', async () => {
    const { breaker } = costing({ commonBudgets: [{ per: 'month', limit: 100 }], accounts: [] })
    await breaker.execute(async () => 'answer', ask)
    expect(breaker.state).to.equal('over-budget')
    expect(breaker.ledger.keys()).to.deep.equal([])
    expect(breaker.snapshot().accounts.map(({ key }) => key)).to.deep.equal(['common'])
  })

  it('fails as a whole if one account has no room left in the ledger', async () => {
    const { breaker } = costing()
    for (let at = 0; at < 8; at++) breaker.ledger.account(`tenant-${at}`)
    const refusal = await rejectionOf(breaker.execute(async () => 'answer', { ...ask, accounts: ['tenant-0', 'more'] }))
    expect(refusal).to.include({ code: 'ERR_LEDGER_FULL' })
    expect(breaker.ledger.account('tenant-0').status().budgets[0]?.committed).to.equal(0)
  })

  it('fails as a whole, and not for the circuit, if this thread may hold no more reservations', async () => {
    const ledger = { budgets: [{ per: 'day', limit: 1000 } as const], accounts: 2, reservationsPerThread: 4 }
    const { breaker, status } = costing({ ledger })
    const held = [1, 2, 3].map(() => breaker.reserve({ ...ask, cost: 1 }))
    const refusal = await rejectionOf(breaker.execute(async () => 'x', { ...ask, cost: 1, accounts: ['default', 'b'] }))
    expect(refusal).to.include({ code: 'ERR_TOO_MANY_RESERVATIONS' })
    expect(status().reserved).to.equal(3)
    expect(breaker.circuit.snapshot().total).to.include({ error: 0, ignored: 1 })
    for (const reservation of held) reservation.release()
  })
})
