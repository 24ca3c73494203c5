import { expect } from 'chai'
import { arrivalsOf } from '../../src/stress/load/open.js'

describe('stress: open load', () => {
  it('spreads arrivals over the workers so that together they keep the rate', () => {
    const due = [0, 1, 2, 3].flatMap((slot) => {
      const { firstMs, everyMs } = arrivalsOf(100, slot, 4, 5000, 5000)
      return [0, 1, 2].map((arrival) => firstMs + arrival * everyMs)
    })
    expect(due.sort((one, other) => one - other)).to.deep.equal(
      Array.from({ length: 12 }, (_, arrival) => 5000 + arrival * 10),
    )
  })

  it('lets the successor of a killed worker go on with the next arrival that is due', () => {
    expect(arrivalsOf(100, 1, 4, 5000, 5095)).to.deep.equal({ firstMs: 5130, everyMs: 40 })
  })
})
