import { expect } from 'chai'
import { monotonicClock } from '../../src/world/clock.js'

describe('monotonic clock', () => {
  it('agrees with the origin that all threads share', () => {
    const before = Number(process.hrtime.bigint()) / 1e6
    const now = monotonicClock.nowMs()
    const after = Number(process.hrtime.bigint()) / 1e6
    // The offset was measured to within a microsecond or a few.
    expect(now).to.be.within(before - 0.1, after + 0.1)
  })

  it('never goes back', () => {
    let last = monotonicClock.nowMs()
    for (let reading = 0; reading < 10_000; reading++) {
      const now = monotonicClock.nowMs()
      expect(now).to.be.at.least(last)
      last = now
    }
  })
})
