import { expect } from 'chai'
import { restored, sumOf } from '../../../src/budget/durable/restoring.js'
import type { StoredBudget } from '../../../src/budget/durable/store.js'
import { periodOf } from '../../../src/budget/period/period.js'
import { MemoryStore } from './memory-store.js'
import { budgetOf, closeAll, openLedger, SetClock, until } from './rig.js'

const MINUTE_MS = 60_000
/** Six buckets of ten seconds. */
const sliding = { per: 'minute', window: 'sliding', buckets: 6, limit: 1000 } as const
const BUCKET_MS = MINUTE_MS / 6

function stored(budget: Partial<StoredBudget>): StoredBudget {
  return {
    name: 'minute',
    kind: '',
    period: 100,
    ceiling: 80,
    parts: [
      [98, 10],
      [100, 20],
    ],
    open: [],
    overrun: 0,
    ...budget,
  }
}

describe('a sliding budget that is restored', () => {
  const period = periodOf(sliding)
  const at = (bucket: number) => bucket * BUCKET_MS + 1

  it('counts an open lease from the restart on, for a whole window', () => {
    const left = restored(stored({}), false, period, at(101))
    expect(left.parts).to.deep.equal([
      [98, 10],
      [100, 20],
      [101, 50],
    ])
    expect(left.open).to.deep.equal([[101, 50]])
  })

  it('counts the whole ceiling, though what was known has left the window: as much may have been spent since', () => {
    const left = restored(stored({}), false, period, at(105))
    expect(left.parts).to.deep.equal([
      [100, 20],
      [105, 60],
    ])
    expect(sumOf(restored(stored({}), false, period, at(1000)).parts)).to.equal(80)
  })

  it('counts after a clean close what is in the window still', () => {
    const closed = stored({ ceiling: 30 })
    expect(restored(closed, true, period, at(101)).parts).to.deep.equal([
      [98, 10],
      [100, 20],
    ])
    expect(restored(closed, true, period, at(104)).parts).to.deep.equal([[100, 20]])
    expect(restored(closed, true, period, at(106)).parts).to.deep.equal([])
  })

  it('forgets what earlier crashes left open when that has left the window', () => {
    const left = restored(stored({ parts: [[98, 10]], open: [[98, 5]], ceiling: 10 }), true, period, at(104))
    expect(left).to.deep.include({ parts: [], open: [] })
  })
})

describe('a sliding budget of a durable ledger', () => {
  afterEach(closeAll)

  it('is restored bucket by bucket, and each leaves the window in its turn', async () => {
    const store = new MemoryStore()
    const clock = new SetClock()
    const first = await openLedger({ store, budgets: [sliding] }, clock)
    first.ledger.account().settle(first.ledger.account().reserve(30), 30)
    clock.atMs += 3 * BUCKET_MS
    first.ledger.account().settle(await first.ledger.account().reserveSoon(60, 5_000), 60)
    await first.close()
    const second = await openLedger({ store, budgets: [sliding] }, clock)
    const spentAfter = [0, 2, 3, 5, 6].map((buckets) => {
      clock.atMs += buckets * BUCKET_MS
      const { spent } = budgetOf(second)
      clock.atMs -= buckets * BUCKET_MS
      return spent
    })
    expect(spentAfter).to.deep.equal([90, 90, 60, 60, 0])
  })

  it('has no more granted than it needs when the window has moved on', async () => {
    const store = new MemoryStore()
    const clock = new SetClock()
    const durable = await openLedger({ store, budgets: [sliding] }, clock)
    const account = durable.ledger.account()
    account.settle(await account.reserveSoon(600, 5_000), 600)
    clock.atMs += MINUTE_MS
    await until(() => budgetOf(durable).ceiling === 100)
    await until(() => store.accounts.get('default')?.budgets[0]?.ceiling === 100)
    const second = await openLedger({ store: store.afterCrash(), budgets: [sliding] }, clock)
    expect(budgetOf(second)).to.include({ spent: 100 })
    expect(await second.resolve('default', 'minute', 0)).to.equal(100)
    expect(budgetOf(second)).to.include({ spent: 0 })
  })
})
