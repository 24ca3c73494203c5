import { expect } from 'chai'
import { changePoints } from '../../src/statistics/change-points.js'
import { seededRandom } from '../../src/world/seeded-random.js'

/** Levels one after another, each of so many readings with noise of ±5. */
function levels(seed: number, ...parts: readonly (readonly [value: number, count: number])[]): number[] {
  const random = seededRandom(seed)
  return parts.flatMap(([value, count]) => Array.from({ length: count }, () => value + 10 * (random.next() - 0.5)))
}

describe('change points', () => {
  it('are where a level begins', () => {
    expect(changePoints(levels(1, [100, 20], [110, 20]))).to.deep.equal([20])
    expect(changePoints(levels(2, [100, 15], [120, 15], [100, 15]))).to.deep.equal([15, 30])
  })

  it('are none of a series that stays, nineteen times of twenty and more', () => {
    const alarms = Array.from({ length: 60 }, (_, seed) => changePoints(levels(seed + 1, [100, 30])).length)
    expect(alarms.filter((count) => count > 0).length).to.be.at.most(3)
  }).timeout(20_000)

  it('are found where the noise grows, and not the level', () => {
    const quiet = levels(3, [100, 25])
    const loud = levels(4, [100, 25]).map((value) => 100 + (value - 100) * 12)
    const [at] = changePoints([...quiet, ...loud])
    expect(at).to.be.within(22, 30)
  })

  it('need five readings on each side', () => {
    expect(changePoints(levels(5, [100, 20], [200, 4]))).not.to.include(20)
    expect(changePoints(levels(6, [100, 4], [200, 5]))).to.deep.equal([])
    expect(changePoints([])).to.deep.equal([])
  })
})
