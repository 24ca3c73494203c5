import { expect } from 'chai'
import { BudgetAmount, type BudgetShape, FITS, RecordShape } from '../../../src/budget/ledger/record.js'

const PERIOD_MS = 1000

function budget(limit: number, buckets = 1, blocking = true): BudgetShape {
  return {
    blocking,
    opening: limit,
    period: {
      buckets,
      indexAt: (nowMs) => Math.floor(nowMs / PERIOD_MS),
      startOf: (index) => index * PERIOD_MS,
      endOf: (index) => (index + 1) * PERIOD_MS,
    },
  }
}

/** A record with one budget, and what can be done with it. */
function recordOf(...budgets: BudgetShape[]) {
  const shape = new RecordShape(budgets)
  const values = shape.initial(0)
  return {
    shape,
    values,
    spend(reserved: number, actual: number) {
      shape.reserve(values, reserved)
      return shape.settle(values, reserved, actual)
    },
    figures: (at = 0) => ({
      committed: shape.committed(values, at),
      covered: shape.covered(values, at),
      overrun: shape.overrun(values, at),
    }),
  }
}

describe('the record of an account', () => {
  it('commits what is reserved, and covers what was spent', () => {
    const { shape, values, figures } = recordOf(budget(100), budget(50))
    shape.reserve(values, 40)
    expect(figures()).to.deep.equal({ committed: 40, covered: 0, overrun: 0 })
    expect(shape.settle(values, 40, 30)).to.equal(0)
    expect(figures(0)).to.deep.equal({ committed: 30, covered: 30, overrun: 0 })
    expect(figures(1)).to.deep.equal({ committed: 30, covered: 30, overrun: 0 })
    expect(shape.total(values)).to.equal(30)
  })

  it('names the first budget that has no room', () => {
    const { shape, values } = recordOf(budget(100), budget(50))
    expect(shape.reserve(values.slice(), 50)).to.equal(FITS)
    expect(shape.reserve(values.slice(), 51)).to.equal(1)
    expect(shape.reserve(values.slice(), 101)).to.equal(0)
  })

  it('lets a budget that does not block count beyond its limit', () => {
    const { shape, values, spend, figures } = recordOf(budget(10, 1, false))
    expect(shape.reserve(values.slice(), Number.MAX_SAFE_INTEGER)).to.equal(FITS)
    expect(spend(50, 60)).to.equal(0)
    expect(figures()).to.deep.equal({ committed: 60, covered: 60, overrun: 0 })
  })

  it('covers what costs more than was reserved as far as there is room; the rest is overrun', () => {
    const { spend, figures, shape, values } = recordOf(budget(100), budget(1000))
    expect(spend(60, 120)).to.equal(20)
    expect(figures(0)).to.deep.equal({ committed: 100, covered: 100, overrun: 20 })
    expect(figures(1)).to.deep.equal({ committed: 120, covered: 120, overrun: 0 })
    expect(shape.total(values)).to.equal(120)
  })

  it('never covers less than was reserved, whatever the ceiling is by then', () => {
    const { shape, values, figures } = recordOf(budget(100))
    shape.reserve(values, 80)
    values[shape.at(0, BudgetAmount.ceiling)] = 50
    expect(shape.settle(values, 80, 90)).to.equal(10)
    expect(figures()).to.deep.equal({ committed: 80, covered: 80, overrun: 10 })
  })

  it('forgets at the end of a period what was spent, and keeps what is reserved', () => {
    const { shape, values, spend, figures } = recordOf(budget(100))
    shape.reserve(values, 7)
    spend(50, 120)
    expect(shape.advance(values, PERIOD_MS - 1)).to.equal(false)
    expect(shape.advance(values, PERIOD_MS)).to.equal(true)
    expect(figures()).to.deep.equal({ committed: 7, covered: 0, overrun: 0 })
    shape.settle(values, 7, 5)
    expect(figures()).to.deep.equal({ committed: 5, covered: 5, overrun: 0 })
    expect(shape.total(values)).to.equal(125)
  })

  it('takes a clock that goes back for one that stands', () => {
    const { shape, values, spend, figures } = recordOf(budget(100))
    shape.advance(values, 5 * PERIOD_MS)
    spend(10, 10)
    expect(shape.advance(values, 3 * PERIOD_MS)).to.equal(false)
    expect(figures()).to.deep.equal({ committed: 10, covered: 10, overrun: 0 })
  })

  it('begins each period with the budget’s opening', () => {
    const { shape, values } = recordOf({ ...budget(100), opening: 30 })
    values[shape.at(0, BudgetAmount.ceiling)] = 90
    shape.advance(values, PERIOD_MS)
    expect(values[shape.at(0, BudgetAmount.ceiling)]).to.equal(30)
  })

  it('slides: each bucket leaves when its time has passed, and no other', () => {
    const { shape, values, spend, figures } = recordOf(budget(1000, 3))
    const covered: number[] = []
    for (let bucket = 0; bucket < 8; bucket++) {
      shape.advance(values, bucket * PERIOD_MS)
      // 1, 2, 4, 8, then nothing any more.
      if (bucket < 4) spend(2 ** bucket, 2 ** bucket)
      covered.push(figures().covered)
      expect(figures().committed).to.equal(figures().covered)
    }
    expect(covered).to.deep.equal([1, 3, 7, 14, 12, 8, 0, 0])
  })

  it('slides over an idle time just as if it had looked at each bucket', () => {
    for (const gap of [1, 2, 3, 4, 50]) {
      const [looked, idle] = [recordOf(budget(1000, 3)), recordOf(budget(1000, 3))]
      for (const { shape, values, spend } of [looked, idle]) {
        spend(5, 5)
        shape.advance(values, PERIOD_MS)
        spend(7, 7)
      }
      for (let step = 1; step <= gap; step++) looked.shape.advance(looked.values, (1 + step) * PERIOD_MS)
      idle.shape.advance(idle.values, (1 + gap) * PERIOD_MS)
      expect(idle.figures(), `${gap} buckets`).to.deep.equal(looked.figures())
    }
  })

  it('counts as of this period what an earlier process spent, but not in the sum', () => {
    for (const buckets of [1, 3]) {
      const { shape, values, figures } = recordOf(budget(100, buckets))
      shape.restore(values, 0, 60)
      expect(figures()).to.deep.equal({ committed: 60, covered: 60, overrun: 0 })
      expect(shape.reserve(values.slice(), 41)).to.equal(0)
      if (buckets > 1) {
        shape.advance(values, (buckets - 1) * PERIOD_MS)
        expect(figures().covered).to.equal(60)
      }
      shape.advance(values, buckets * PERIOD_MS)
      expect(figures()).to.deep.equal({ committed: 0, covered: 0, overrun: 0 })
      expect(shape.total(values)).to.equal(0)
    }
  })

  it('refuses a sum of 2⁵³', () => {
    const { shape, values } = recordOf(budget(100, 1, false))
    shape.settle(values, 0, Number.MAX_SAFE_INTEGER)
    expect(() => shape.settle(values, 0, 1)).to.throw(RangeError, /sum of all settlements/)
  })
})
