import { expect } from 'chai'
import { bytesPerCall } from '../../src/profiler/allocation-rate.js'

describe('bytes that a call allocates', () => {
  it('are none of a call that allocates nothing', async () => {
    let sum = 0
    const bytes = await bytesPerCall(
      (times) => {
        for (let made = 0; made < times; made += 1) sum += made & 1
      },
      { calls: 4000, stretches: 15 },
    )
    expect(bytes).to.be.within(0, 0.5)
    expect(sum).to.be.above(0)
  })

  it('are at least those of an array that each makes', async () => {
    const kept: number[][] = []
    const bytes = await bytesPerCall(
      (times) => {
        for (let made = 0; made < times; made += 1) kept[made & 7] = [made, made, made, made]
      },
      { calls: 4000, stretches: 15 },
    )
    expect(bytes).to.be.within(32, 160)
  })

  it('are not told where garbage is collected all along', async () => {
    const kept: unknown[] = []
    const measured = 100
    const bytes = await bytesPerCall(
      (times) => {
        // A megabyte and a half each, on the heap; the turns to warm up make more calls than these.
        if (times !== measured) return
        for (let made = 0; made < times; made += 1) kept[0] = new Array(200_000).fill(made)
      },
      { calls: measured, stretches: 1 },
    )
    expect(bytes).to.equal(undefined)
  })
})
