import { expect } from 'chai'
import { bootstrapped, resampledMean, resampledPercentile, valueAt } from '../../src/statistics/bootstrap.js'
import { seededRandom } from '../../src/world/seeded-random.js'

/** Normal noise from a seed, by the sum of twelve uniform numbers. */
function noise(seed: number): () => number {
  const random = seededRandom(seed)
  return () => Array.from({ length: 12 }, () => random.next()).reduce((sum, next) => sum + next, -6)
}

const SAMPLES = 200

describe('bootstrap', () => {
  it('gives the same interval to the same evidence', () => {
    const series = Array.from({ length: 40 }, noise(7))
    const interval = () => bootstrapped(0, (random) => resampledMean(series, random))
    expect(interval()).to.deep.equal(interval())
  })

  it('holds the true mean in about 95 of 100 samples', () => {
    let held = 0
    for (let seed = 1; seed <= SAMPLES; seed += 1) {
      const series = Array.from({ length: 60 }, noise(seed))
      const interval = bootstrapped(0, (random) => resampledMean(series, random))
      if (interval && interval.low <= 0 && interval.high >= 0) held += 1
    }
    expect(held / SAMPLES).to.be.within(0.87, 0.99)
  }).timeout(30_000)

  it('is wider where neighbours resemble each other, as they then say less', () => {
    const draw = noise(3)
    const alone = Array.from({ length: 400 }, draw)
    const alike = alone.map((_, index) => alone[Math.floor(index / 8) * 8] as number)
    const width = (series: readonly number[]) => {
      const interval = bootstrapped(0, (random) => resampledMean(series, random))
      return (interval?.high ?? 0) - (interval?.low ?? 0)
    }
    expect(width(alike)).to.be.above(1.5 * width(alone))
  })

  it('has none where the statistic is no number', () => {
    expect(bootstrapped(1, () => Number.NaN)).to.equal(undefined)
    expect(bootstrapped(Number.NaN, () => 1)).to.equal(undefined)
  })

  it('reads a distribution between its points', () => {
    const points = [
      { percentile: 0, ms: 1 },
      { percentile: 50, ms: 3 },
      { percentile: 100, ms: 3 },
    ]
    expect([0, 25, 50, 75, 100].map((percentile) => valueAt(points, percentile))).to.deep.equal([1, 2, 3, 3, 3])
    expect(valueAt([], 50)).to.be.NaN
  })

  it('moves a percentile of many calls less than one of few', () => {
    // Even from 0 to 1, so that the value at a share is the share.
    const points = [
      { percentile: 0, ms: 0 },
      { percentile: 100, ms: 1 },
    ]
    const width = (count: number) => {
      const interval = bootstrapped(0.5, (random) => resampledPercentile(points, count, 50, random))
      return (interval?.high ?? 0) - (interval?.low ?? 0)
    }
    // Of a uniform distribution 95 % of medians lie within 1.96 × √(¼ ÷ n).
    expect(width(100)).to.be.closeTo(2 * 1.96 * 0.05, 0.02)
    expect(width(10_000)).to.be.closeTo(2 * 1.96 * 0.005, 0.002)
  })
})
