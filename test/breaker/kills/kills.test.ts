import { expect } from 'chai'
import { SharedCircuitBreaker } from '../../../src/index.js'
import { Herd, herdRules } from './herd.js'

/** How many threads the long run kills. */
const kills = Number(process.env.KILLS ?? 10_000)

describe('threads that are terminated at random moments of mixed traffic', () => {
  for (const [count, mark] of [
    [30, ''],
    [kills, ' @slow'],
  ] as const) {
    it(`${count} of them: never wedged, and all that they held comes back${mark}`, async function () {
      this.timeout(1_800_000)
      const breaker = SharedCircuitBreaker.create({ name: 'besieged', ...herdRules })
      const herd = new Herd(breaker)
      try {
        await herd.kill(count)
      } finally {
        await herd.end()
      }
      const { threads, seatsTaken, total, epoch } = breaker.snapshot()
      expect(threads.filter(({ threadId }) => threadId !== undefined)).to.have.length(1)
      expect(seatsTaken, 'seats that came back').to.equal(0)

      breaker.reset()
      breaker.transitionToHalfOpen()
      const probes = Array.from({ length: 20 }, () => breaker.tryAcquirePermission()).filter((probe) => probe !== 0)
      expect(probes, 'permissions that came back').to.have.length(herdRules.permittedNumberOfCallsInHalfOpenState)
      for (const probe of probes) breaker.onSuccess(probe)
      expect(breaker.state).to.equal('closed')

      // That it was what it says: calls of all kinds, and threads that died with a probe or a seat.
      expect(total.success, 'successes').to.be.greaterThan(count)
      expect(total.error, 'errors').to.be.greaterThan(count)
      expect(herd.diedWithSeat, 'died with a call under way').to.be.greaterThan(count / 20)
      expect(epoch, 'transitions').to.be.greaterThan(count)
      if (count >= 1000) expect(herd.diedWithProbe, 'died with a probe').to.be.greaterThan(0)
      breaker.detach()
    })
  }
})
