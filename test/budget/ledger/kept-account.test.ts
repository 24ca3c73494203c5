import { expect } from 'chai'
import fc from 'fast-check'
import { BudgetLedger } from '../../../src/budget/ledger/budget-ledger.js'
import type { BudgetOptions } from '../../../src/budget/ledger/options.js'
import { SetClock } from '../durable/rig.js'

const BUCKET_MS = 10_000
const budgets = [
  { per: 'minute', window: 'sliding', buckets: 6, limit: 1000, opening: 500 },
  { per: 'minute', name: 'calendar', limit: 700, opening: 700 },
  { per: 'total', limit: 100, blocking: false },
] as const satisfies readonly BudgetOptions[]

function ledgerOn(clock: SetClock) {
  const ledger = BudgetLedger.create({ budgets, maxThreads: 2 }, { clock })
  return { ledger, account: ledger.account(), kept: ledger.kept('default') }
}

const acts = fc.array(fc.record({ afterMs: fc.nat({ max: 40_000 }), cost: fc.nat({ max: 300 }) }), { maxLength: 20 })

describe('an account as its keeper sees it', () => {
  it('tells of each budget in which parts of it was spent what is covered', () => {
    fc.assert(
      fc.property(acts, (acts) => {
        const clock = new SetClock()
        const { account, kept, ledger } = ledgerOn(clock)
        for (const { afterMs, cost } of acts) {
          clock.atMs += afterMs
          // Looks at the clock, which a charge doesn't.
          account.tryReserve(0)
          account.charge(cost)
        }
        for (const { covered, parts, period } of kept.read().budgets) {
          expect(parts.reduce((sum, [, amount]) => sum + amount, 0)).to.equal(covered)
          for (const [index, amount] of parts) expect(amount > 0 && index <= period).to.equal(true)
        }
        ledger.detach()
      }),
    )
  })

  it('restored into another ledger, is the same from then on', () => {
    fc.assert(
      fc.property(acts, fc.array(fc.nat({ max: 25_000 }), { maxLength: 6 }), (acts, looks) => {
        const clock = new SetClock()
        const first = ledgerOn(clock)
        for (const { afterMs, cost } of acts) {
          clock.atMs += afterMs
          first.account.tryReserve(0)
          first.account.charge(cost)
        }
        const { total, budgets: figures } = first.kept.read()
        const second = ledgerOn(clock)
        second.kept.restore(total, new Map(figures.map((of, at) => [at, of])))
        for (const afterMs of [0, ...looks]) {
          clock.atMs += afterMs
          const [before, after] = [first, second].map(({ account }) => account.status())
          expect(after?.total).to.equal(before?.total)
          for (const [at, { committed, spent, overrun }] of (before?.budgets ?? []).entries()) {
            // What overran of a sliding window is in none of its buckets, and forgotten when nothing happened for a whole one.
            expect(after?.budgets[at]).to.include(at === 0 ? { committed } : { committed, spent, overrun })
          }
        }
        first.ledger.detach()
        second.ledger.detach()
      }),
    )
  })

  it('never has a ceiling below what is committed, nor one for a period that is over', () => {
    const clock = new SetClock()
    const { account, kept, ledger } = ledgerOn(clock)
    account.reserve(200)
    const { period } = kept.read().budgets[1] as { period: number }
    expect(kept.setCeiling(1, period, 199)).to.equal(false)
    expect(kept.setCeiling(1, period, 200)).to.equal(true)
    expect(account.tryReserve(1)).to.equal(0)
    expect(kept.setCeiling(1, period - 1, 700)).to.equal(false)
    kept.lowerCeiling(0, period, 0)
    expect(kept.read().budgets[0]).to.include({ ceiling: 200 })
    kept.lowerCeiling(0, period, 400)
    expect(kept.read().budgets[0]).to.include({ ceiling: 200 })
    ledger.detach()
  })

  it('begins no period by what doesn’t concern it', () => {
    const clock = new SetClock()
    const { kept, ledger } = ledgerOn(clock)
    const { period } = kept.read().budgets[1] as { period: number }
    clock.atMs += 60_000
    kept.addSpent(1, period, -10)
    kept.lowerCeiling(1, period, 0)
    kept.setCeiling(1, period, 10)
    // Nobody has seen that minute, so to a clock that is set back it has not begun.
    clock.atMs -= 60_000
    expect(kept.read().budgets[1]).to.include({ period, ceiling: 700 })
    ledger.detach()
  })

  it('gives back from the very bucket, as long as that is in the window', () => {
    const clock = new SetClock()
    const { account, kept, ledger } = ledgerOn(clock)
    account.charge(100)
    const { period } = kept.read().budgets[0] as { period: number }
    clock.atMs += 3 * BUCKET_MS
    account.reserve(0)
    account.charge(50)
    kept.addSpent(0, period, -40)
    expect(kept.read().budgets[0]?.parts).to.deep.equal([
      [period, 60],
      [period + 3, 50],
    ])
    clock.atMs += 3 * BUCKET_MS
    kept.addSpent(0, period, -60)
    expect(kept.read().budgets[0]).to.include({ covered: 50, committed: 50 })
    ledger.detach()
  })
})
