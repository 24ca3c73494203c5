import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { DurableError } from '../../../src/budget/durable/errors.js'
import { BudgetExceededError, BudgetNotGrantedError } from '../../../src/budget/ledger/errors.js'
import { MemoryStore } from './memory-store.js'
import { budgetOf, closeAll, HOUR_MS, openLedger, SetClock, until } from './rig.js'

function thrownBy(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

describe('the keeper of a durable ledger', () => {
  afterEach(closeAll)

  it('has granted a first block when the ledger is open', async () => {
    const durable = await openLedger({ store: new MemoryStore() })
    expect(budgetOf(durable)).to.include({ ceiling: 100, limit: 1000, committed: 0 })
  })

  it('grants nothing before it is written down', async () => {
    const store = new MemoryStore()
    const durable = await openLedger({ store })
    const release = store.hold()
    const account = durable.ledger.account()
    account.reserve(80)
    await sleep(50)
    expect(budgetOf(durable).ceiling).to.equal(100)
    expect(thrownBy(() => account.reserve(80))).to.be.instanceOf(BudgetNotGrantedError)
    release()
    await until(() => budgetOf(durable).ceiling > 100)
    expect(store.accounts.get('default')?.budgets[0]?.ceiling).to.be.at.least(budgetOf(durable).ceiling)
  })

  it('never has a ceiling in memory that is not in the store, while all is reserved and settled', async () => {
    const store = new MemoryStore()
    const durable = await openLedger({ store })
    const account = durable.ledger.account()
    for (let call = 0; call < 500; call++) {
      const id = account.tryReserve(20 + (call % 7))
      expect(budgetOf(durable).ceiling).to.be.at.most(store.accounts.get('default')?.budgets[0]?.ceiling ?? 0)
      if (id !== 0) account.settle(id, call % 3)
      if (call % 5 === 0) await sleep(1)
    }
    expect(budgetOf(durable).spent).to.be.greaterThan(300)
  })

  it('stays a block ahead, so that small calls are never refused', async () => {
    const durable = await openLedger({ store: new MemoryStore() })
    const account = durable.ledger.account()
    for (let call = 0; call < 100; call++) {
      account.settle(account.reserve(10), 10)
      await until(() => budgetOf(durable).ceiling >= Math.min(1000, budgetOf(durable).committed + 50))
    }
    expect(budgetOf(durable)).to.include({ spent: 1000, ceiling: 1000 })
    expect(thrownBy(() => account.reserve(1))).to.be.instanceOf(BudgetExceededError)
  })

  it('grants what one call wants, though it is more than a block', async () => {
    const durable = await openLedger({ store: new MemoryStore() })
    const account = durable.ledger.account()
    const refusal = thrownBy(() => account.reserve(700))
    expect(refusal).to.include({ code: 'ERR_BUDGET_NOT_GRANTED', budget: 'day', requested: 700, isComing: true })
    expect(await account.reserveSoon(700, 5_000)).to.be.greaterThan(0)
    expect(budgetOf(durable)).to.include({ reserved: 700 })
  })

  it('doesn’t let anyone wait for what is beyond the limit', async () => {
    const durable = await openLedger({ store: new MemoryStore() })
    const account = durable.ledger.account()
    await account.reserveSoon(600, 5_000)
    const error = await account.reserveSoon(401, 5_000).catch((error) => error)
    expect(error).to.include({ code: 'ERR_BUDGET_EXCEEDED', requested: 401, committed: 600, limit: 1000 })
  })

  it('is waited for no longer than is said', async () => {
    const store = new MemoryStore()
    const durable = await openLedger({ store })
    const release = store.hold()
    const error = await durable.ledger
      .account()
      .reserveSoon(500, 30)
      .catch((error) => error)
    expect(error).to.include({ code: 'ERR_BUDGET_NOT_GRANTED' })
    release()
  })

  it('takes back what it granted for reservations that were released', async () => {
    const store = new MemoryStore()
    const durable = await openLedger({ store })
    const account = durable.ledger.account()
    account.release(await account.reserveSoon(900, 5_000))
    await until(() => budgetOf(durable).ceiling === 100)
    await until(() => store.accounts.get('default')?.budgets[0]?.ceiling === 100)
  })

  it('covers what overran, as far as the limit has room', async () => {
    const durable = await openLedger({ store: new MemoryStore() })
    const account = durable.ledger.account()
    expect(account.settle(account.reserve(10), 400)).to.deep.equal({ inTime: true, overrun: 300 })
    await until(() => budgetOf(durable).overrun === 0)
    expect(budgetOf(durable)).to.include({ spent: 400, committed: 400 })
    account.charge(700)
    await until(() => budgetOf(durable).committed === 1000)
    expect(budgetOf(durable)).to.include({ spent: 1100, overrun: 100 })
  })

  it('grants to accounts that any thread has opened', async () => {
    const durable = await openLedger({ store: new MemoryStore(), accounts: 301, reservationsPerThread: 300 })
    const accounts = Array.from({ length: 300 }, (_, index) => durable.ledger.account(`tenant-${index}`))
    expect(thrownBy(() => accounts[0]?.reserve(1))).to.be.instanceOf(BudgetNotGrantedError)
    await Promise.all(accounts.map((account) => account.reserveSoon(10, 5_000)))
    expect((await durable.account('another')).status().budgets[0]).to.include({ ceiling: 100 })
  }).timeout(5_000)

  it('begins a new period with a new grant, and counts there what is reserved over the turn', async () => {
    const clock = new SetClock()
    const store = new MemoryStore()
    const durable = await openLedger({ store, reservationMs: 48 * HOUR_MS }, clock)
    const account = durable.ledger.account()
    const over = await account.reserveSoon(300, 5_000)
    account.settle(await account.reserveSoon(600, 5_000), 600)
    const release = store.hold()
    clock.atMs += 12 * HOUR_MS
    expect(thrownBy(() => account.reserve(1))).to.be.instanceOf(BudgetNotGrantedError)
    release()
    await account.reserveSoon(100, 5_000)
    expect(budgetOf(durable)).to.include({ spent: 0, reserved: 400 })
    account.settle(over, 250)
    expect(budgetOf(durable)).to.include({ spent: 250, reserved: 100 })
    await until(() => (store.accounts.get('default')?.budgets[0]?.ceiling ?? 0) >= 350)
  })

  describe('whose store can’t be written', () => {
    it('grants nothing, says so again and again, and goes on when it can', async () => {
      const store = new MemoryStore()
      const told: [string, DurableError | undefined][] = []
      const durable = await openLedger({ store, onState: (state, error) => told.push([state, error]) })
      store.error = new Error('ENOSPC: no space left on device')
      const account = durable.ledger.account()
      account.reserve(90)
      await until(() => durable.state === 'failing')
      expect(told[0]?.[1]).to.include({ name: 'DurableError', code: 'ERR_JOURNAL_NOT_WRITTEN' })
      expect(told[0]?.[1]?.message).to.include('ENOSPC')
      expect(thrownBy(() => account.reserve(50))).to.include({
        code: 'ERR_BUDGET_NOT_GRANTED',
        isComing: false,
        retryAfterMs: 1000,
      })
      // Nobody waits for a grant that isn't coming.
      const error = await account.reserveSoon(50, 60_000).catch((error) => error)
      expect(error).to.include({ code: 'ERR_BUDGET_NOT_GRANTED' })
      await until(() => told.length > 1)
      store.error = undefined
      await until(() => durable.state === 'granting')
      await account.reserveSoon(50, 5_000)
      expect(told.map(([state]) => state).filter((state, at, all) => state !== all[at - 1])).to.deep.equal([
        'failing',
        'granting',
      ])
    })

    it('warns where nobody listens, and bears a listener that throws', async () => {
      const warnings: string[] = []
      const hear = ({ message }: Error) => warnings.push(message)
      process.on('warning', hear)
      try {
        for (const onState of [undefined, () => thrower()]) {
          const store = new MemoryStore()
          const durable = await openLedger({ store, ...(onState && { onState }) })
          store.error = new Error('EIO')
          durable.ledger.account().reserve(90)
          await until(() => durable.state === 'failing')
        }
        await until(() => warnings.length >= 2)
        expect(warnings.join('\n')).to.match(/EIO.*listener.*threw/s)
      } finally {
        process.off('warning', hear)
      }
    })

    it('doesn’t open at all', async () => {
      const store = new MemoryStore()
      store.error = new Error('EROFS')
      const error = await openLedger({ store, onState: () => undefined }).catch((error) => error)
      expect(error).to.include({ code: 'ERR_JOURNAL_NOT_WRITTEN' })
      expect(store.isOpen).to.equal(false)
    })
  })
})

function thrower(): never {
  throw new Error('a listener’s own mistake')
}
