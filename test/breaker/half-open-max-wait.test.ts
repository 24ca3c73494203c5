import { expect } from 'chai'
import { drive, small } from './driver.js'

const impatient = {
  ...small,
  permittedNumberOfCallsInHalfOpenState: 4,
  maxWaitDurationInHalfOpenStateMs: 500,
  waitDurationInOpenStateMs: { initialMs: 1000, multiplier: 2, randomizationFactor: 0 },
} as const

/** Half-open, with as many probes under way as asked for. */
function driveHalfOpen(after: 'open' | 'closed', probes = 1) {
  const driven = drive({ ...impatient, transitionToStateAfterWaitDuration: after })
  driven.fail(4)
  driven.clock.pass(1000)
  const out = Array.from({ length: probes }, () => driven.breaker.tryAcquirePermission())
  expect(driven.breaker.snapshot()).to.include({ state: 'half-open', epoch: 2 })
  return { ...driven, out }
}

describe('a half-open circuit that is undecided for too long', () => {
  it('stays half-open until exactly then', () => {
    const { breaker, clock, out } = driveHalfOpen('open', 2)
    clock.pass(499.9)
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
    expect(breaker.onSuccess(out[0] as number)).to.equal(true)
    expect(breaker.snapshot()).to.include({ state: 'half-open', epoch: 2 })
  })

  it('opens at the next call of any end, for one attempt more', () => {
    const { breaker, another, clock } = driveHalfOpen('open')
    const other = another()
    clock.pass(500)
    expect(other.tryAcquirePermission()).to.equal(0)
    expect(other.refusal()).to.include({ state: 'open', retryAfterMs: 2000 })
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'probes-undecided', epoch: 3, attempt: 2 })
    expect(breaker.snapshot().retryAtMs).to.equal(clock.nowMs() + 2000)
  })

  it('closes at the next call, if so configured, and admits it', () => {
    const { breaker, another, clock, fail } = driveHalfOpen('closed')
    const other = another()
    clock.pass(500)
    const permission = other.tryAcquirePermission()
    expect(breaker.snapshot()).to.include({
      state: 'closed',
      reason: 'probes-undecided',
      epoch: 3,
      attempt: 0,
      calls: 0,
    })
    expect(other.isProbe(permission)).to.equal(false)
    expect(other.onSuccess(permission)).to.equal(true)
    expect(breaker.snapshot()).to.include({ calls: 1, failures: 0 })
    fail(3)
    expect(breaker.snapshot()).to.include({ state: 'open', attempt: 1 })
  })

  for (const after of ['open', 'closed'] as const) {
    for (const report of ['onSuccess', 'onError', 'releasePermission'] as const) {
      it(`is ${after} at the ${report} that comes too late, which is stale`, () => {
        const { breaker, clock, out } = driveHalfOpen(after)
        clock.pass(500)
        expect(breaker[report](out[0] as number)).to.equal(false)
        expect(breaker.snapshot()).to.include({
          state: after,
          reason: 'probes-undecided',
          epoch: 3,
          calls: 0,
          failures: 0,
        })
        expect(breaker.snapshot().total).to.include({ success: 0, error: 4, ignored: 0, stale: 1 })
      })
    }

    it(`tells once that it is ${after}, with what the probes came to so far`, () => {
      const { breaker, another, clock, out } = driveHalfOpen(after, 3)
      const told: unknown[] = []
      breaker.onTransition(({ from, to, reason, calls, failures }) => told.push({ from, to, reason, calls, failures }))
      breaker.onError(out[0] as number)
      clock.pass(500)
      breaker.onSuccess(out[1] as number)
      breaker.onSuccess(out[2] as number)
      another().tryAcquirePermission()
      expect(told).to.deep.equal([{ from: 'half-open', to: after, reason: 'probes-undecided', calls: 1, failures: 1 }])
    })
  }

  it('takes its time from the beginning of each half-open life', () => {
    const { breaker, clock } = driveHalfOpen('open')
    clock.pass(500)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    clock.pass(2000)
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
    clock.pass(499)
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
    clock.pass(1)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'probes-undecided', attempt: 3, epoch: 5 })
  })

  it('is not decided by time if that is 0, the default', () => {
    const { breaker, clock, fail } = drive(small)
    fail(4)
    clock.pass(1000)
    const probes = [breaker.tryAcquirePermission(), breaker.tryAcquirePermission()]
    clock.pass(59_000)
    for (const probe of probes) expect(breaker.onSuccess(probe)).to.equal(true)
    expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'probes-succeeded' })
  })
})
