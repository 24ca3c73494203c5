import { expect } from 'chai'
import fc from 'fast-check'
import { kendallScore, kendallVariance, medianOf, pairwiseSlopes } from '../../src/statistics/ranks.js'
import { trendOf } from '../../src/statistics/trend.js'
import { seededRandom } from '../../src/world/seeded-random.js'

const series = (values: readonly number[]) => values.map((value, at) => ({ at, value }))

/** Normal noise from a seed, by the sum of twelve uniform numbers. */
function noise(seed: number): () => number {
  const random = seededRandom(seed)
  return () => Array.from({ length: 12 }, () => random.next()).reduce((sum, next) => sum + next, -6)
}

describe('trend by ranks', () => {
  it('takes the median of the slopes of all pairs', () => {
    const slopes = pairwiseSlopes(series([1, 3, 2, 6]))
    expect([...slopes]).to.deep.equal([-1, 0.5, 1.5, 5 / 3, 2, 4])
    expect(medianOf(slopes)).to.equal((1.5 + 5 / 3) / 2)
  })

  it('leaves pairs of the same moment out', () => {
    expect([...pairwiseSlopes([1, 1, 3].map((at, value) => ({ at, value })))]).to.deep.equal([0.5, 1])
  })

  it('scores pairs that rise against pairs that fall', () => {
    expect(kendallScore([1, 2, 3, 4])).to.equal(6)
    expect(kendallScore([4, 3, 2, 1])).to.equal(-6)
    expect(kendallScore([1, 3, 2, 2])).to.equal(1)
  })

  it('has the variance of all orders of so many values, each as likely', () => {
    for (const values of [
      [1, 2, 3, 4, 5],
      [1, 1, 2, 3, 3],
      [1, 1, 1, 2, 2],
    ]) {
      const scores = orders(values).map(kendallScore)
      const variance = scores.reduce((sum, score) => sum + score * score, 0) / scores.length
      expect(kendallVariance(values)).to.be.closeTo(variance, 1e-9)
    }
  })

  it('finds the slope of a line exactly, and is sure of it', () => {
    const trend = trendOf(series(Array.from({ length: 40 }, (_, at) => 5 + 3 * at)))
    expect(trend).to.deep.include({ slope: 3, slopeMin: 3, slopeMax: 3 })
    expect(trend?.z).to.be.above(8)
  })

  it('is moved by neither shift nor sign, and scales with the unit', () => {
    const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 10, maxLength: 40 })
    fc.assert(
      fc.property(values, fc.integer({ min: -50, max: 50 }), (list, shift) => {
        const one = trendOf(series(list))
        const moved = trendOf(series(list.map((value) => shift - 2 * value)))
        expect(moved?.slope).to.be.closeTo(-2 * (one?.slope ?? Number.NaN), 1e-9)
        expect(moved?.slopeMin).to.be.closeTo(-2 * (one?.slopeMax ?? Number.NaN), 1e-9)
        expect(moved?.z).to.be.closeTo(-(one?.z ?? Number.NaN), 1e-6)
      }),
    )
  })

  it('is not moved by outliers', () => {
    const random = noise(3)
    const values = Array.from({ length: 100 }, (_, at) => 2 * at + random())
    for (const at of [5, 20, 50, 90]) values[at] = 1e9
    expect(trendOf(series(values))?.slope).to.be.closeTo(2, 0.05)
  })

  it('has the true slope in its interval 99 times in 100', () => {
    const inside = seeds(1000).filter((seed) => {
      const random = noise(seed)
      const trend = trendOf(series(Array.from({ length: 30 }, (_, at) => 0.1 * at + random())))
      return trend !== undefined && trend.slopeMin <= 0.1 && trend.slopeMax >= 0.1
    })
    expect(inside.length).to.be.at.least(980)
  })

  it('takes neither noise nor a memory of noise for a trend', () => {
    for (const memory of [0, 0.5, 0.8]) {
      const alarms = seeds(300).filter((seed) => {
        const random = noise(seed)
        let value = 0
        const values = Array.from({ length: 120 }, () => {
          value = memory * value + random()
          return value
        })
        return (trendOf(series(values))?.z ?? 0) > 3
      })
      expect(alarms.length, `memory ${memory}`).to.be.at.most(3)
    }
  })

  it('sees a slope that the noise of one reading hides', () => {
    const random = noise(7)
    const values = Array.from({ length: 120 }, (_, at) => 0.03 * at + random())
    expect(trendOf(series(values))?.z).to.be.above(3)
  })

  it('finds none where all readings are the same', () => {
    expect(trendOf(series(Array.from({ length: 20 }, () => 7)))).to.include({ slope: 0, z: 0 })
  })

  it('says nothing of fewer than ten readings', () => {
    expect(trendOf(series([1, 2, 3, 4, 5, 6, 7, 8, 9]))).to.equal(undefined)
  })
})

function seeds(count: number): number[] {
  return Array.from({ length: count }, (_, seed) => seed + 1)
}

function orders(values: readonly number[]): number[][] {
  if (values.length < 2) return [[...values]]
  return values.flatMap((value, at) =>
    orders([...values.slice(0, at), ...values.slice(at + 1)]).map((rest) => [value, ...rest]),
  )
}
