import { expect } from 'chai'
import { partSeed, seededRandom } from '../../src/world/seeded-random.js'

describe('seeded random', () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed)
    return Array.from({ length: 1000 }, () => random.next())
  }

  it('gives the same numbers for the same seed, others for another', () => {
    expect(draw(7)).to.deep.equal(draw(7))
    expect(draw(7)).not.to.deep.equal(draw(8))
  })

  it('stays at or above 0 and below 1, and fills the range evenly', () => {
    const numbers = draw(1)
    expect(Math.min(...numbers)).to.be.at.least(0)
    expect(Math.max(...numbers)).to.be.below(1)
    expect(numbers.reduce((sum, each) => sum + each) / numbers.length).to.be.closeTo(0.5, 0.05)
  })

  it('gives each part of a run a seed of its own', () => {
    expect(new Set(Array.from({ length: 1000 }, (_, index) => partSeed(1, index))).size).to.equal(1000)
  })
})
