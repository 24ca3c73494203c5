import { expect } from 'chai'
import { spendingDefaults, spendingParts } from '../../src/spending/cases.js'
import { spendingCases } from '../../src/spending.js'
import { wallTimeTextAt } from '../../src/world/clock.js'

const of = (name: (typeof spendingCases)[number], kills = 0) => spendingParts(name, 1000, kills)

describe('the cases of a budget', () => {
  it('permit no more than the smallest budget does, where no period ends', () => {
    for (const name of spendingCases) {
      const { budgets, permitted, hops } = of(name)
      if (hops.length === 0) expect(permitted, name).to.equal(Math.min(...budgets.map(({ limit }) => limit)))
    }
  })

  it('allow a tenth of what the calls would cost, of a mean of 0.0255', () => {
    expect(of('tenth').permitted).to.equal(0.1 * 1000 * 25_500)
    expect(spendingDefaults.tenth.workers).to.equal(100)
  })

  it('let what killed threads had reserved come back within the run', () => {
    for (const name of ['original', 'kills'] as const) expect(of(name, 3).reservationMs).to.be.below(10_000)
    expect(of('original').reservationMs).to.be.above(10_000)
  })

  it('set the clock to shortly before midnights of Berlin, a month’s end and the hour that is left out, and then back', () => {
    const { hops, startMs } = of('calendar')
    expect([startMs, ...hops.map(({ toMs }) => toMs)].map(wallTimeTextAt)).to.deep.equal([
      '2026-03-28T22:59:59.600Z',
      '2026-03-29T00:59:59.900Z',
      '2026-03-29T21:59:59.900Z',
      '2026-03-31T21:59:59.600Z',
      '2026-03-31T21:30:00.000Z',
    ])
  })
})
