import { expect } from 'chai'
import type { DurableOptions } from '../../../src/budget/durable/durable-ledger.js'
import { MemoryStore } from './memory-store.js'
import { budgetOf, closeAll, HOUR_MS, openLedger, SetClock, until } from './rig.js'

const DAY_AND_TOTAL = {
  budgets: [
    { per: 'day', limit: 1000 },
    { per: 'total', limit: 5000 },
  ],
} satisfies Partial<DurableOptions>

describe('a durable ledger', () => {
  afterEach(closeAll)

  it('restores after a clean close just what was spent', async () => {
    const store = new MemoryStore()
    const clock = new SetClock()
    const first = await openLedger({ store, ...DAY_AND_TOTAL, accounts: 2 }, clock)
    const account = await first.account('a')
    account.settle(account.reserve(60), 45)
    account.settle(account.reserve(20), 20)
    await first.close()
    expect(store.isOpen).to.equal(false)
    const second = await openLedger({ store, ...DAY_AND_TOTAL, accounts: 2 }, clock)
    const restored = (await second.account('a')).status()
    expect(restored).to.include({ total: 65 })
    for (const budget of restored.budgets)
      expect(budget).to.include({ spent: 65, committed: 65, reserved: 0, overrun: 0 })
    expect(second.openLeases()).to.deep.equal([])
  })

  it('restores what overran, and what doesn’t block', async () => {
    const store = new MemoryStore()
    const budgets = [
      { per: 'day', limit: 100 },
      { per: 'month', limit: 50, blocking: false },
    ] as const
    const first = await openLedger({ store, budgets })
    first.ledger.account().charge(130)
    await until(() => budgetOf(first).committed === 100)
    await first.close()
    const second = await openLedger({ store, budgets })
    expect(budgetOf(second)).to.include({ spent: 130, committed: 100, overrun: 30 })
    expect(budgetOf(second, undefined, 1)).to.include({ spent: 130, committed: 130, overrun: 0 })
    expect(second.ledger.account().status().total).to.equal(130)
  })

  it('waits at its close for what is reserved, and leaves the rest open', async () => {
    const store = new MemoryStore()
    const first = await openLedger({ store })
    const account = first.ledger.account()
    const [settled] = [account.reserve(30), account.reserve(50)]
    setTimeout(() => account.settle(settled as number, 30), 20)
    await first.close({ limitMs: 100 })
    const second = await openLedger({ store })
    expect(budgetOf(second)).to.include({ spent: 80 })
    expect(second.openLeases()).to.deep.equal([
      { account: 'default', budget: 'day', periodStartMs: Date.UTC(2027, 2, 14), known: 30, counted: 80 },
    ])
  })

  it('counts after a crash all that was granted as spent', async () => {
    const store = new MemoryStore()
    const first = await openLedger({ store })
    const account = first.ledger.account()
    account.settle(await account.reserveSoon(300, 5_000), 120)
    await until(() => store.accounts.get('default')?.total === 120)
    const left = store.afterCrash()
    const ceiling = left.accounts.get('default')?.budgets[0]?.ceiling ?? 0
    expect(ceiling).to.be.greaterThan(120)
    const second = await openLedger({ store: left })
    expect(budgetOf(second)).to.include({ spent: ceiling })
    expect(second.openLeases()).to.deep.include.members([
      { account: 'default', budget: 'day', periodStartMs: Date.UTC(2027, 2, 14), known: 120, counted: ceiling },
    ])
  })

  it('gives back what was not spent, once that is known, and remembers it', async () => {
    const store = new MemoryStore()
    const first = await openLedger({ store, ...DAY_AND_TOTAL })
    const account = first.ledger.account()
    account.settle(await account.reserveSoon(300, 5_000), 120)
    await until(() => store.accounts.get('default')?.total === 120)
    const left = store.afterCrash()
    const second = await openLedger({ store: left, ...DAY_AND_TOTAL })
    const counted = budgetOf(second).spent
    second.ledger.account().settle(second.ledger.account().reserve(10), 10)
    expect(await second.resolve('default', 'day', 140)).to.equal(counted - 140)
    expect(await second.resolve('default', 'day', 140)).to.equal(0)
    expect(budgetOf(second)).to.include({ spent: 150 })
    expect(budgetOf(second, undefined, 1).spent).to.be.greaterThan(150)
    await second.close()
    const third = await openLedger({ store: left, ...DAY_AND_TOTAL })
    expect(budgetOf(third)).to.include({ spent: 150 })
    expect(third.openLeases().map(({ budget }) => budget)).to.deep.equal(['total'])
  })

  it('refuses to resolve to less than is known, and what isn’t there', async () => {
    const store = new MemoryStore()
    const first = await openLedger({ store })
    first.ledger.account().settle(first.ledger.account().reserve(50), 50)
    await until(() => store.accounts.get('default')?.total === 50)
    const second = await openLedger({ store: store.afterCrash() })
    const refused = (budget: string, actual: number) =>
      second.resolve('default', budget, actual).catch((error) => error)
    expect(await refused('day', 49)).to.include({
      code: 'ERR_CONFIGURATION',
      field: 'actual',
      allowed: 'at least 50, which is known to be spent',
    })
    expect(await refused('week', 50)).to.include({ code: 'ERR_CONFIGURATION', field: 'budget' })
    expect(await second.resolve('nobody', 'day', 1)).to.equal(0)
    expect(second.ledger.keys()).to.deep.equal(['default'])
  })

  it('adds up what several crashes leave open, and resolves it at once', async () => {
    let store = new MemoryStore()
    for (let crash = 1; crash <= 3; crash++) {
      const durable = await openLedger({ store })
      durable.ledger.account().settle(durable.ledger.account().reserve(10), 10)
      await until(() => store.accounts.get('default')?.total === 10 * crash)
      store = store.afterCrash()
    }
    const last = await openLedger({ store })
    const [lease] = last.openLeases()
    expect(lease).to.include({ known: 30, counted: budgetOf(last).spent })
    expect(lease?.counted).to.be.within(300, 330)
    await last.resolve('default', 'day', 30)
    expect(budgetOf(last)).to.include({ spent: 30 })
  })

  it('never goes beyond its limit, however often it crashes', async () => {
    let store = new MemoryStore()
    let spent = 0
    for (let crash = 0; crash < 30; crash++) {
      const durable = await openLedger({ store })
      const account = durable.ledger.account()
      for (let call = 0; call < 4; call++) {
        const id = account.tryReserve(30)
        if (id === 0) continue
        spent += 30
        if (call % 2 === 0) account.settle(id, 30)
      }
      expect(spent).to.be.at.most(budgetOf(durable).committed)
      expect(budgetOf(durable).committed).to.be.at.most(1000)
      store = store.afterCrash()
    }
    expect(spent).to.be.greaterThan(200)
  })

  it('begins anew where the period is over', async () => {
    const clock = new SetClock()
    const store = new MemoryStore()
    const first = await openLedger({ store, ...DAY_AND_TOTAL }, clock)
    first.ledger.account().settle(first.ledger.account().reserve(70), 70)
    await until(() => store.accounts.get('default')?.total === 70)
    clock.atMs += 24 * HOUR_MS
    const second = await openLedger({ store: store.afterCrash(), ...DAY_AND_TOTAL }, clock)
    expect(budgetOf(second)).to.include({ spent: 0 })
    expect(budgetOf(second, undefined, 1).spent).to.be.at.least(70)
    expect(second.openLeases().map(({ budget }) => budget)).to.deep.equal(['total'])
  })

  it('counts what is reserved over the turn of the day on the next, though nothing was granted there', async () => {
    const clock = new SetClock()
    const store = new MemoryStore()
    const options = { store, reservationMs: 48 * HOUR_MS, lookMs: 60_000 }
    const first = await openLedger(options, clock)
    first.ledger.account().reserve(90)
    clock.atMs += 12 * HOUR_MS
    await first.close({ limitMs: 0 })
    const second = await openLedger(options, clock)
    expect(budgetOf(second)).to.include({ spent: 90, periodStartMs: clock.atMs })
  })

  it('gives nothing back to a clock that was set back', async () => {
    const clock = new SetClock()
    const store = new MemoryStore()
    const first = await openLedger({ store }, clock)
    first.ledger.account().settle(first.ledger.account().reserve(70), 70)
    await first.close()
    clock.atMs -= 24 * HOUR_MS
    const second = await openLedger({ store }, clock)
    expect(budgetOf(second)).to.include({ spent: 70, periodStartMs: Date.UTC(2027, 2, 14) })
  })

  it('keeps to a limit that was lowered meanwhile', async () => {
    const store = new MemoryStore()
    const first = await openLedger({ store })
    first.ledger.account().settle(await first.ledger.account().reserveSoon(400, 5_000), 400)
    await first.close()
    const second = await openLedger({ store, budgets: [{ per: 'day', limit: 300 }] })
    expect(second.ledger.account().tryReserve(1)).to.equal(0)
    expect(second.ledger.account().refusal(1)).to.include({ code: 'ERR_BUDGET_EXCEEDED' })
    expect(budgetOf(second)).to.include({ spent: 400, limit: 300 })
  })

  it('refuses what was written with other periods, and keeps budgets that are not there for the time being', async () => {
    const store = new MemoryStore()
    const first = await openLedger({ store, ...DAY_AND_TOTAL })
    first.ledger.account().charge(5)
    await first.close()
    const budgets = [{ per: 'day', limit: 1000, timeZone: 'Europe/Berlin' }] as const
    expect(await openLedger({ store, budgets }).catch((error) => error)).to.include({ code: 'ERR_OTHER_PERIODS' })
    const second = await openLedger({ store })
    second.ledger.account().charge(7)
    await second.close()
    const third = await openLedger({ store, ...DAY_AND_TOTAL })
    expect(
      third.ledger
        .account()
        .status()
        .budgets.map(({ spent }) => spent),
    ).to.deep.equal([12, 5])
  })

  for (const [field, value] of Object.entries({ blocks: 0, lookMs: 60_001, checkpointMs: 0.5, accounts: 0 })) {
    it(`refuses ${field} ${value}, and leaves the store alone`, async () => {
      const store = new MemoryStore()
      const error = await openLedger({ store, [field]: value }).catch((error) => error)
      expect(error).to.include({ code: 'ERR_CONFIGURATION', field, value })
      expect(store.isOpen).to.equal(false)
    })
  }

  it('grants nothing once it is closed', async () => {
    const durable = await openLedger({ store: new MemoryStore() })
    const { handle } = durable
    const { BudgetLedger } = await import('../../../src/budget.js')
    const attached = BudgetLedger.attach(handle, { clock: new SetClock() })
    await durable.close()
    expect(durable.state).to.equal('closed')
    expect(attached.account().tryReserve(1)).to.equal(0)
    expect(attached.account().refusal(1)).to.include({ code: 'ERR_BUDGET_NOT_GRANTED', isComing: false })
    expect(await durable.account().catch((error) => error)).to.include({ code: 'ERR_JOURNAL_CLOSED' })
    await durable.close()
    attached.detach()
  })
})
