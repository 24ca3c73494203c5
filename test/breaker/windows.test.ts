import { expect } from 'chai'
import { SharedCircuitBreaker } from '../../src/index.js'
import { FakeClock } from '../fake-clock.js'
import { drive, small } from './driver.js'

describe('consecutive window', () => {
  const three = { ...small, slidingWindow: { type: 'consecutive', size: 3 } } as const

  it('opens after so many failures in a row', () => {
    const { breaker, fail } = drive(three)
    fail(2)
    expect(breaker.state).to.equal('closed')
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'consecutive-failures' })
  })

  it('begins the row anew at a success, also of another thread', () => {
    const { breaker, another, succeed, fail } = drive(three)
    const second = another()
    fail(2)
    succeed(1, second)
    fail(2)
    expect(breaker.state).to.equal('closed')
    fail(1, second)
    expect(breaker.state).to.equal('open')
  })

  it('begins the row anew at each recovery', () => {
    const { breaker, clock, succeed, fail } = drive(three)
    fail(3)
    clock.pass(1000)
    succeed(2)
    fail(2)
    expect(breaker.state).to.equal('closed')
  })

  it('of size 1 opens at the first failure', () => {
    const { breaker, fail } = drive({ ...three, slidingWindow: { type: 'consecutive', size: 1 } })
    fail(1)
    expect(breaker.state).to.equal('open')
  })
})

describe('time window', () => {
  it('adds up what all threads recorded', () => {
    const { breaker, another, fail, succeed } = drive(small)
    const second = another()
    const third = another()
    succeed(2, second)
    fail(1, third)
    expect(breaker.state).to.equal('closed')
    fail(1)
    expect(breaker.state).to.equal('open')
  })

  it('holds nothing stale after an idle gap of any length', () => {
    for (const gapMs of [10_000, 10_001, 15_000, 300_000, 2 ** 31, 2 ** 32, 2 ** 32 * 1000]) {
      const { breaker, clock, fail } = drive({ ...small, minimumCalls: 5 })
      fail(4)
      clock.pass(gapMs)
      fail(1)
      expect(breaker.snapshot(), `after ${gapMs} ms`).to.include({ state: 'closed', calls: 1 })
    }
  })

  it('keeps what is as old as the window less a bucket', () => {
    const { breaker, clock, fail } = drive({ ...small, minimumCalls: 5 })
    fail(4)
    clock.pass(9000)
    fail(1)
    expect(breaker.state).to.equal('open')
  })

  it('goes on where a thread has detached: its calls stay in the window', () => {
    const { breaker, another, fail } = drive(small)
    const second = another()
    fail(3, second)
    second.detach()
    fail(1)
    expect(breaker.state).to.equal('open')
  })

  it('counts what others recorded in a later bucket, when this thread’s clock reading is old', () => {
    const { breaker, clock, fail } = drive(small)
    const ahead = new FakeClock(clock.nowMs() + 1000)
    fail(3, SharedCircuitBreaker.attach(breaker.handle, {}, { clock: ahead }))
    expect(breaker.state).to.equal('closed')
    fail(1)
    expect(breaker.state).to.equal('open')
  })

  it('reaches a rate that no decimal says: two of three', () => {
    for (const slidingWindow of [{ type: 'count', size: 3 }, small.slidingWindow] as const) {
      const { breaker, succeed, fail } = drive({ slidingWindow, failureRateThreshold: 2 / 3, minimumCalls: 3 })
      succeed(1)
      fail(2)
      expect(breaker.state).to.equal('open')
    }
  })
})
