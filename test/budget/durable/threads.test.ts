import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect } from 'chai'
import { MemoryStore } from './memory-store.js'
import { budgetOf, closeAll, openLedger } from './rig.js'

describe('threads of a durable ledger', () => {
  afterEach(closeAll)

  it('wait for grants without being held up or ending, and spend just the limit of each account', async () => {
    const durable = await openLedger({ store: new MemoryStore(), accounts: 2, maxThreads: 8 })
    const told = await Promise.all(
      ['a', 'a', 'b', 'b'].map(async (key) => {
        const workerData = { handle: durable.handle, key, amount: 4 }
        const worker = new Worker(new URL('waiting-thread.js', import.meta.url), { workerData })
        const [message] = await once(worker, 'message')
        return { key, ...message }
      }),
    )
    for (const key of ['a', 'b']) {
      expect(budgetOf(durable, key)).to.include({ spent: 1000, committed: 1000, ceiling: 1000 })
      const spent = told.filter((thread) => thread.key === key).map((thread) => thread.spent)
      expect(spent.reduce((sum, amount) => sum + amount, 0)).to.equal(1000)
    }
    expect(told.map(({ ended }) => ended)).to.deep.equal(Array(4).fill('ERR_BUDGET_EXCEEDED'))
  })
})
