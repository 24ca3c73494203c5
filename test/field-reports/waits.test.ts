import { expect } from 'chai'
import { REFUSED } from '../../src/breaker/admission/admission.js'
import { SharedCircuitBreaker } from '../../src/index.js'
import { drive, small } from '../breaker/driver.js'

describe('field reports: clocks and waits', () => {
  const wallClock = Date.now
  afterEach(() => {
    Date.now = wallClock
  })

  for (const [report, what, shiftMs] of [
    ['30', 'an hour forward', 3_600_000],
    ['37', 'an hour back', -3_600_000],
  ] as const) {
    it(`field-report-${report} a wall clock that is set ${what} while the circuit is open moves no deadline`, () => {
      const breaker = SharedCircuitBreaker.create({ name: 'on real time', waitDurationInOpenStateMs: 60_000 })
      breaker.transitionToOpen()
      const before = breaker.snapshot().retryAtMs
      Date.now = () => wallClock() + shiftMs
      expect(breaker.tryAcquirePermission()).to.equal(REFUSED)
      const { retryAfterMs } = breaker.refusal() as unknown as { retryAfterMs: number }
      expect(retryAfterMs).to.be.within(1, 60_000)
      expect(breaker.snapshot().retryAtMs).to.equal(before)
      breaker.detach()
    })
  }

  it('field-report-39 a wait function that throws is warned of, and the circuit opens for as long as configured', async () => {
    const warned = new Promise<Error & { code?: string }>((resolve) => process.once('warning', resolve))
    const { breaker, clock, fail } = drive({
      ...small,
      waitIntervalFunction: () => {
        throw new Error('no idea')
      },
    })
    fail(4)
    expect(breaker.snapshot()).to.include({ state: 'open', retryAtMs: clock.nowMs() + 1000 })
    expect((await warned).message).to.contain('no idea')
    clock.pass(1000)
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
  })
})
