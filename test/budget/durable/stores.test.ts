import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { BudgetStore } from '../../../src/budget/durable/store.js'
import { budgetOf, closeAll, openLedger } from './rig.js'
import { type StoreKind, storeOf } from './store-kinds.js'
import { storedAccount } from './stored.js'

const holderFile = fileURLToPath(new URL('store-holder.js', import.meta.url))

/** What every store must do, on a real disk. */
for (const kind of ['journal', 'sqlite'] satisfies StoreKind[]) {
  describe(`a store of durable budgets: ${kind}`, () => {
    let folder = ''
    const opened: BudgetStore[] = []

    const make = async (): Promise<BudgetStore> => {
      const store = await storeOf(kind, folder)
      opened.push(store)
      return store
    }
    const totals = async (store: BudgetStore) => (await store.open()).map(({ key, total }) => [key, total]).sort()

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'busbar-store-'))
    })
    afterEach(async () => {
      await closeAll()
      await Promise.all(opened.splice(0).map((store) => store.close()))
      await rm(folder, { recursive: true, force: true })
    })

    it('gives what was written last of each account', async () => {
      const first = await make()
      expect(await first.open()).to.deep.equal([])
      await first.write([storedAccount('a', 1), storedAccount('Zürich "b"', 1)])
      await first.write([storedAccount('a', 2)])
      await first.write([])
      await first.close()
      const second = await make()
      expect(await second.open()).to.have.deep.members([storedAccount('a', 2), storedAccount('Zürich "b"', 1)])
    })

    it('is open in one process at a time, and comes back at once from one that was killed', async () => {
      const holder = fork(holderFile, [kind, folder], { timeout: 15_000 })
      await once(holder, 'message')
      const store = await make()
      expect(await store.open().catch((error) => error)).to.include({ code: 'ERR_JOURNAL_LOCKED' })
      holder.kill('SIGKILL')
      await once(holder, 'exit')
      expect(await totals(store)).to.deep.equal([['held', 7]])
    })

    it('refuses to write when it is closed', async () => {
      const store = await make()
      await store.open()
      await store.close()
      await store.close()
      expect(await store.write([storedAccount('a', 1)]).catch((error) => error)).to.have.property('code')
      expect(await totals(await make())).to.deep.equal([])
    })

    it('carries a ledger over a restart', async () => {
      const first = await openLedger({ store: await make() })
      first.ledger.account().settle(await first.ledger.account().reserveSoon(500, 5_000), 430)
      await first.close()
      const second = await openLedger({ store: await make() })
      expect(budgetOf(second)).to.include({ spent: 430, committed: 430 })
    })
  })
}
