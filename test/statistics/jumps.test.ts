import { expect } from 'chai'
import { partJumps } from '../../src/statistics/jumps.js'
import { seededRandom } from '../../src/world/seeded-random.js'

const random = seededRandom(5)
const series = (valueAt: (second: number) => number) =>
  Array.from({ length: 60 }, (_, second) => ({ at: second, value: valueAt(second) + random.next() }))

describe('a series parted from its jumps', () => {
  it('keeps its small steps, and what it jumped is told', () => {
    const { smooth, jumped } = partJumps(series((second) => second * 5 + (second >= 40 ? 1000 : 0)))
    expect((smooth.at(-1)?.value ?? 0) - (smooth[0]?.value ?? 0)).to.be.closeTo(59 * 5, 10)
    expect(jumped).to.be.closeTo(1000, 10)
  })

  it('has jumps that come to nothing where what was taken is given back', () => {
    const { smooth, jumped } = partJumps(series((second) => (second % 15 === 7 ? 1000 : 0)))
    expect(jumped).to.be.closeTo(0, 5)
    expect(Math.max(...smooth.map(({ value }) => value))).to.be.below(10)
  })

  it('has none where all steps are alike', () => {
    expect(partJumps(series((second) => second * 1000)).jumped).to.equal(0)
  })
})
