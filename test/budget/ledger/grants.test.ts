import { expect } from 'chai'
import { BudgetLedger } from '../../../src/budget/ledger/budget-ledger.js'
import { KeeperState } from '../../../src/budget/ledger/grants.js'
import { SetClock } from '../durable/rig.js'

function stepwise(opening: number, accounts = 1) {
  const ledger = BudgetLedger.create(
    { budgets: [{ per: 'day', limit: 1000, opening }], accounts, maxThreads: 2 },
    { clock: new SetClock() },
  )
  const key = accounts === 1 ? 'default' : 'a'
  return { ledger, account: ledger.account(key), kept: ledger.kept(key), grants: ledger.grants }
}

describe('a question for a grant', () => {
  it('says the largest amount that was refused, as the power of two that holds it, once', () => {
    const { account, kept, grants } = stepwise(10)
    for (const amount of [20, 100, 33]) account.tryReserve(amount)
    expect(grants.takeWanted(kept.index)).to.equal(128)
    expect(grants.takeWanted(kept.index)).to.equal(0)
    account.tryReserve(64)
    expect(grants.takeWanted(kept.index)).to.equal(64)
  })

  it('is each account’s own, whatever another wants', () => {
    const { ledger, grants } = stepwise(0, 3)
    const accounts = ['a', 'b', 'c'].map((key) => ledger.account(key))
    for (const [at, amount] of [900, 30, 500].entries()) accounts[at]?.tryReserve(amount)
    expect(accounts.map(({ index }) => grants.takeWanted(index))).to.deep.equal([1024, 32, 512])
    for (const account of accounts.toReversed()) account.tryReserve(10)
    expect(accounts.map(({ index }) => grants.takeWanted(index))).to.deep.equal([16, 16, 16])
  })

  it('is asked only for what the limit has room for', () => {
    const { account, kept, grants } = stepwise(500)
    account.reserve(400)
    account.tryReserve(601)
    expect(grants.takeWanted(kept.index)).to.equal(0)
    expect(account.refusal(601)).to.include({ code: 'ERR_BUDGET_EXCEEDED' })
    account.tryReserve(600)
    expect(grants.takeWanted(kept.index)).to.equal(1024)
    expect(account.refusal(600)).to.include({ code: 'ERR_BUDGET_NOT_GRANTED', isComing: true })
  })

  it('is never asked of a ledger whose limits are open from the beginning', () => {
    const { account, grants, kept } = stepwise(1000)
    const { asked } = grants
    account.reserve(1000)
    account.tryReserve(1)
    expect(grants.takeWanted(kept.index)).to.equal(0)
    expect(grants.asked).to.equal(asked)
  })

  it('wakes the keeper, and the grant whoever waits', async () => {
    const { account, kept, grants } = stepwise(0)
    // Longer than a test may take, so that only being woken ends it.
    const woken = grants.afterAsked(grants.asked, 60_000)
    const reserved = account.reserveSoon(30, 60_000)
    await woken
    expect(grants.takeWanted(kept.index)).to.equal(32)
    kept.setCeiling(0, kept.read().budgets[0]?.period as number, 32)
    grants.tell(KeeperState.granting)
    expect(await reserved).to.be.greaterThan(0)
  })

  it('is given up at once when the keeper stops', async () => {
    const { account, grants } = stepwise(0)
    const reserved = account.reserveSoon(30, 60_000).catch((error) => error)
    grants.tell(KeeperState.failing)
    expect(await reserved).to.include({ code: 'ERR_BUDGET_NOT_GRANTED', isComing: false })
  })

  it('can’t be waited for longer than a timer runs', async () => {
    const { account } = stepwise(0)
    for (const limitMs of [-1, 2 ** 31, Number.NaN]) {
      expect(await account.reserveSoon(1, limitMs).catch((error) => error)).to.include({ field: 'limitMs' })
    }
  })
})
