import { expect } from 'chai'
import { drive, small } from './driver.js'

describe('a limit of calls under way', () => {
  it('is one over all ends: a call ended in one lets one go in another', () => {
    const { breaker, another } = drive({ ...small, maxConcurrentCalls: 2 })
    const other = another()
    const [mine, theirs] = [breaker.tryAcquirePermission(), other.tryAcquirePermission()]
    expect(breaker.tryAcquirePermission()).to.equal(0)
    expect(breaker.refusal()).to.include({ code: 'ERR_CALL_NOT_PERMITTED', state: 'closed', reason: 'limit' })
    expect(breaker.onSuccess(mine)).to.equal(true)
    expect(other.tryAcquirePermission()).not.to.equal(0)
    expect(other.onError(theirs)).to.equal(true)
    expect(breaker.snapshot()).to.include({ seatsTaken: 1 })
  })

  it('once lowered, lets nobody in while more are under way than it allows', () => {
    const { breaker } = drive({ ...small, maxConcurrentCalls: 4 })
    const early = Array.from({ length: 4 }, () => breaker.tryAcquirePermission())
    breaker.reconfigure({ maxConcurrentCalls: 2 })
    for (const [ended, permission] of early.entries()) {
      expect(breaker.tryAcquirePermission(), `${ended} have ended`).to.equal(0)
      breaker.onSuccess(permission)
      if (4 - ended - 1 < 2) break
    }
    expect(breaker.snapshot().seatsTaken).to.equal(1)
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
    expect(breaker.tryAcquirePermission()).to.equal(0)
  })

  it('gives back the seats of an end that detaches', () => {
    const { breaker, another } = drive({ ...small, maxConcurrentCalls: 1 })
    const other = another()
    other.tryAcquirePermission()
    expect(breaker.tryAcquirePermission()).to.equal(0)
    other.detach()
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
  })
})

describe('a snapshot', () => {
  it('measures with the rules that it tells, in a thread that slept through their change', () => {
    const { breaker, another, fail } = drive({ ...small, slidingWindow: { type: 'count', size: 10 }, minimumCalls: 10 })
    const asleep = another()
    breaker.reconfigure({ slidingWindow: { type: 'count', size: 2 } })
    breaker.metricsOnly()
    fail(5)
    expect(asleep.snapshot()).to.deep.include({ calls: 2, failures: 2, failureRate: 1 })
    expect(asleep.snapshot().configuration.slidingWindow).to.deep.equal({ type: 'count', size: 2 })
  })

  it('changes nothing: the next one is the same', () => {
    const { breaker, clock, fail } = drive({ ...small, maxConcurrentCalls: 3 })
    fail(3)
    breaker.tryAcquirePermission()
    breaker.transitionToOpen()
    clock.pass(5000)
    const first = breaker.snapshot()
    expect(first).to.include({ state: 'open', epoch: 1 })
    expect(breaker.snapshot()).to.deep.equal(first)
  })
})
