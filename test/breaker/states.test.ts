import { expect } from 'chai'
import { CallNotPermittedError, type Transition } from '../../src/index.js'
import { attempt, drive, small } from './driver.js'

describe('breaker states', () => {
  it('begins closed, in epoch 0', () => {
    const { breaker } = drive(small)
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 0, reason: 'created' })
  })

  it('opens when the failure rate reaches the threshold', () => {
    const { breaker, succeed, fail } = drive(small)
    succeed(2)
    fail(1)
    expect(breaker.state).to.equal('closed')
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'open', epoch: 1, reason: 'failure-rate' })
  })

  it('judges no rate over fewer calls than the minimum', () => {
    const { breaker, fail } = drive(small)
    fail(3)
    expect(breaker.state).to.equal('closed')
  })

  it('opens on the success that completes the minimum', () => {
    const { breaker, succeed, fail } = drive(small)
    fail(3)
    succeed(1)
    expect(breaker.state).to.equal('open')
  })

  it('opens on the success that finds the other successes gone from the window', () => {
    const { breaker, clock, succeed, fail } = drive({ ...small, minimumCalls: 3 })
    succeed(9)
    clock.pass(5000)
    fail(2)
    clock.pass(5000)
    succeed(1)
    expect(breaker.state).to.equal('open')
  })

  it('opens at a threshold of 100 %', () => {
    const { breaker, fail } = drive({ ...small, failureRateThreshold: 1 })
    fail(4)
    expect(breaker.state).to.equal('open')
  })

  it('opens at a rate that binary fractions miss by a hair: 7 of 100 at 0.07', () => {
    const { breaker, succeed, fail } = drive({ ...small, minimumCalls: 100, failureRateThreshold: 0.07 })
    succeed(93)
    fail(6)
    expect(breaker.state).to.equal('closed')
    fail(1)
    expect(breaker.state).to.equal('open')
  })

  it('refuses while open, and tells for how long', () => {
    const { breaker, clock, fail } = drive(small)
    fail(4)
    clock.pass(400)
    const refusal = attempt(() => breaker.executeSync(() => 'not run'))
    expect(refusal).to.be.instanceOf(CallNotPermittedError).and.instanceOf(Error)
    expect(refusal).to.include({ code: 'ERR_CALL_NOT_PERMITTED', state: 'open', retryAfterMs: 600, breaker: 'driven' })
    expect(String((refusal as Error).stack)).to.equal('CallNotPermittedError: circuit "driven" is open')
  })

  it('lets a probe through as soon as the wait is over, not before', () => {
    const { breaker, clock, fail } = drive(small)
    fail(4)
    clock.pass(999.9)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    clock.pass(0.1)
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
    expect(breaker.state).to.equal('half-open')
  })

  it('refuses the third call while half-open with two permitted', () => {
    const { breaker, clock, fail } = drive(small)
    fail(4)
    clock.pass(1000)
    expect([1, 2, 3].map(() => breaker.tryAcquirePermission() !== 0)).to.deep.equal([true, true, false])
    expect(breaker.refusal()).to.include({ state: 'half-open', retryAfterMs: 0 })
  })

  it('closes when the probes succeed, with an empty window', () => {
    const { breaker, clock, succeed, fail } = drive(small)
    fail(4)
    clock.pass(1000)
    succeed(2)
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 3, calls: 0, failures: 0 })
    fail(3)
    expect(breaker.state).to.equal('closed')
  })

  it('opens again as soon as the probes that are left can no longer save it', () => {
    const { breaker, clock, fail } = drive(small)
    fail(4)
    clock.pass(1000)
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'open', epoch: 3, reason: 'probes-failed' })
    clock.pass(999)
    expect(breaker.tryAcquirePermission()).to.equal(0)
  })

  it('gives the permission of an ignored probe to another', () => {
    const { breaker, clock, fail } = drive({
      ...small,
      ignoreError: () => true,
      permittedNumberOfCallsInHalfOpenState: 1,
    })
    const failing = drive({ ...small, permittedNumberOfCallsInHalfOpenState: 1 })
    fail(4)
    expect(breaker.state).to.equal('closed')
    failing.fail(4)
    failing.clock.pass(1000)
    clock.pass(1000)
    for (let count = 0; count < 5; count++) {
      const probe = failing.breaker.tryAcquirePermission()
      expect(failing.breaker.isProbe(probe)).to.equal(true)
      expect(failing.breaker.releasePermission(probe)).to.equal(true)
    }
    expect(failing.breaker.snapshot().total.ignored).to.equal(5)
  })

  it('gives the permission of a probe that never reports to another, after its lease', () => {
    const { breaker, clock, fail } = drive({ ...small, permittedNumberOfCallsInHalfOpenState: 1, leaseDurationMs: 500 })
    fail(4)
    clock.pass(1000)
    const hung = breaker.tryAcquirePermission()
    clock.pass(499)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    clock.pass(1)
    const second = breaker.tryAcquirePermission()
    expect(second).not.to.equal(0)
    expect(breaker.onSuccess(hung), 'the late answer').to.equal(false)
    expect(breaker.state).to.equal('half-open')
    expect(breaker.onSuccess(second)).to.equal(true)
    expect(breaker.state).to.equal('closed')
    expect(breaker.snapshot().total.stale).to.equal(1)
  })

  it('counts a probe that is reported twice as stale the second time', () => {
    const { breaker, clock, fail } = drive({ ...small, permittedNumberOfCallsInHalfOpenState: 3 })
    fail(4)
    clock.pass(1000)
    const probe = breaker.tryAcquirePermission()
    expect(breaker.onSuccess(probe)).to.equal(true)
    expect(breaker.onSuccess(probe)).to.equal(false)
    expect(breaker.state).to.equal('half-open')
  })

  it('tells each transition once, in order, with what the decision rested on', () => {
    const { breaker, clock, succeed, fail } = drive(small)
    const told: Transition[] = []
    breaker.onTransition((transition) => told.push(transition))
    succeed(1)
    fail(3)
    clock.pass(1000)
    succeed(2)
    expect(told.map(({ from, to, epoch, reason, lost }) => ({ from, to, epoch, reason, lost }))).to.deep.equal([
      { from: 'closed', to: 'open', epoch: 1, reason: 'failure-rate', lost: 0 },
      { from: 'open', to: 'half-open', epoch: 2, reason: 'wait-elapsed', lost: 0 },
      { from: 'half-open', to: 'closed', epoch: 3, reason: 'probes-succeeded', lost: 0 },
    ])
    expect(told[0]).to.include({ calls: 4, failures: 3 })
  })

  it('goes on when a listener throws', async () => {
    const { breaker, fail } = drive(small)
    const warned = new Promise<Error>((resolve) => process.once('warning', resolve))
    let heard = 0
    breaker.onTransition(() => {
      throw new Error('listener')
    })
    breaker.onTransition(() => {
      heard += 1
    })
    fail(4)
    expect(breaker.state).to.equal('open')
    expect(heard).to.equal(1)
    expect(await warned).to.include({ code: 'BUSBAR_LISTENER_THREW' })
  })
})

describe('stale results', () => {
  it('count, and are not applied: a success of before the opening closes nothing', () => {
    const { breaker, fail } = drive(small)
    const early = breaker.tryAcquirePermission()
    fail(4)
    expect(breaker.onSuccess(early)).to.equal(false)
    expect(breaker.snapshot()).to.include({ state: 'open', epoch: 1 })
    expect(breaker.snapshot().total).to.include({ stale: 1, success: 0 })
  })

  it('count, and are not applied: a failure of before the recovery opens nothing', () => {
    const { breaker, clock, fail, succeed } = drive({ ...small, minimumCalls: 1 })
    const early = breaker.tryAcquirePermission()
    fail(1)
    clock.pass(1000)
    succeed(2)
    expect(breaker.onError(early, new Error('late'))).to.equal(false)
    expect(breaker.state).to.equal('closed')
  })

  it('of a half-open epoch don’t count in the next one', () => {
    const { breaker, clock, fail } = drive({
      ...small,
      permittedNumberOfCallsInHalfOpenState: 2,
      failureRateThreshold: 0.5,
    })
    fail(4)
    clock.pass(1000)
    const first = breaker.tryAcquirePermission()
    const second = breaker.tryAcquirePermission()
    breaker.onError(first)
    clock.pass(1000)
    const third = breaker.tryAcquirePermission()
    expect(breaker.onSuccess(second)).to.equal(false)
    expect(breaker.state).to.equal('half-open')
    expect(breaker.onSuccess(third)).to.equal(true)
  })
})
