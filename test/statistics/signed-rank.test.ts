import { expect } from 'chai'
import { pairedShift, signedRankProbability } from '../../src/statistics/signed-rank.js'
import { seededRandom } from '../../src/world/seeded-random.js'

/** By going through all choices of signs. */
function exactProbability(differences: readonly number[]): number {
  const sizes = differences.map(Math.abs)
  const ranks = sizes.map(
    (size) => sizes.filter((other) => other < size).length + (sizes.filter((other) => other === size).length + 1) / 2,
  )
  const middle = ranks.reduce((sum, rank) => sum + rank, 0) / 2
  const distanceOf = (isPositive: (index: number) => boolean) =>
    Math.abs(ranks.reduce((sum, rank, index) => sum + (isPositive(index) ? rank : 0), 0) - middle)
  const distance = distanceOf((index) => (differences[index] as number) > 0)
  const ways = 2 ** ranks.length
  let asFar = 0
  for (let signs = 0; signs < ways; signs += 1) {
    if (distanceOf((index) => ((signs >> index) & 1) === 1) >= distance - 1e-9) asFar += 1
  }
  return asFar / ways
}

describe('signed ranks', () => {
  it('are the exact value, counted, equal sizes included', () => {
    const random = seededRandom(5)
    for (let trial = 0; trial < 40; trial += 1) {
      const differences = Array.from({ length: 9 }, () => Math.floor(random.next() * 12) - 3.5)
      expect(signedRankProbability(differences)).to.be.closeTo(exactProbability(differences), 1e-9)
    }
  })

  it('come to 2 ÷ 2ⁿ where all pairs differ the same way, and to 1 where none differs', () => {
    expect(signedRankProbability([1, 2, 3, 4, 5, 6])).to.equal(2 / 64)
    expect(signedRankProbability([-1, -2, -3, -4, -5, -6])).to.equal(2 / 64)
    expect(signedRankProbability([0, 0])).to.equal(1)
  })

  it('are about the same where they are counted and where they are too many for it', () => {
    const random = seededRandom(7)
    const differences = Array.from({ length: 101 }, () => random.next() - 0.43)
    const counted = signedRankProbability(differences.slice(1))
    expect(signedRankProbability(differences)).to.be.closeTo(counted, 0.02)
  })

  it('tell the shift: the median of the averages of any two', () => {
    expect(pairedShift([1, 2, 9])).to.equal((2 + 5) / 2)
  })
})
