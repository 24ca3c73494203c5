import { expect } from 'chai'
import { holmCorrected, rankSumProbability } from '../../src/statistics/rank-sum.js'
import { seededRandom } from '../../src/world/seeded-random.js'

/** By counting all ways to part the readings: the exact value, two-sided. */
function exactProbability(one: readonly number[], other: readonly number[]): number {
  const all = [...one, ...other]
  const rankOf = (value: number) =>
    all.filter((each) => each < value).length + (all.filter((each) => each === value).length + 1) / 2
  const ranks = all.map(rankOf)
  const middle = (one.length * (all.length + 1)) / 2
  const distance = Math.abs(one.reduce((sum, value) => sum + rankOf(value), 0) - middle)
  let [ways, asFar] = [0, 0]
  const choose = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      ways += 1
      if (Math.abs(sum - middle) >= distance - 1e-9) asFar += 1
      return
    }
    for (let index = from; index <= ranks.length - left; index += 1)
      choose(index + 1, left - 1, sum + (ranks[index] as number))
  }
  choose(0, one.length, 0)
  return asFar / ways
}

describe('rank sum', () => {
  it('is near the exact value, counted', () => {
    const random = seededRandom(5)
    for (let trial = 0; trial < 60; trial += 1) {
      const shift = trial % 4
      const one = Array.from({ length: 6 }, () => Math.floor(random.next() * 12))
      const other = Array.from({ length: 7 }, () => Math.floor(random.next() * 12) + shift * 2)
      const exact = exactProbability(one, other)
      expect(rankSumProbability(one, other)).to.be.closeTo(exact, exact < 0.1 ? 0.01 : 0.05)
    }
  })

  it('is small where all of one side lie below all of the other, and the same from both sides', () => {
    const [low, high] = [
      [1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10],
    ]
    expect(rankSumProbability(low, high)).to.be.below(0.02)
    expect(rankSumProbability(high, low)).to.equal(rankSumProbability(low, high))
  })

  it('is 1 where nothing can be told', () => {
    expect(rankSumProbability([], [1])).to.equal(1)
    expect(rankSumProbability([2, 2], [2, 2])).to.equal(1)
  })

  it('cries wolf of the same source as often as it says', () => {
    const random = seededRandom(11)
    const draw = () => Array.from({ length: 10 }, () => random.next() ** 3)
    const alarms = Array.from({ length: 2000 }, () => rankSumProbability(draw(), draw())).filter((p) => p < 0.05)
    expect(alarms.length / 2000).to.be.within(0.03, 0.065)
  })
})

describe('correction for many comparisons', () => {
  it('is Holm’s, in the order given, never falling', () => {
    expect(holmCorrected([0.01, 0.04, 0.03, 0.005])).to.deep.equal([0.03, 0.06, 0.06, 0.02])
    expect(holmCorrected([0.9, 0.8])).to.deep.equal([1, 1])
    expect(holmCorrected([])).to.deep.equal([])
  })
})
