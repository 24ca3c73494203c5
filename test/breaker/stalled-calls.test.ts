import { expect } from 'chai'
import { drive, small } from './driver.js'

const stalling = { ...small, stalledCalls: { ageMs: 1000, count: 3 } } as const

describe('stalled calls', () => {
  it('open the circuit while they are still under way, in whichever end they began', () => {
    const { breaker, another, clock } = drive(stalling)
    const other = another()
    breaker.tryAcquirePermission()
    breaker.tryAcquirePermission()
    other.tryAcquirePermission()
    clock.pass(1000)
    expect(breaker.tryAcquirePermission(), 'not yet: an age is known to a quarter').not.to.equal(0)
    clock.pass(250)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'stalled-calls', epoch: 1 })
  })

  it('are not those that ended in time, nor fewer than the limit', () => {
    const { breaker, clock } = drive(stalling)
    const permissions = [0, 1, 2].map(() => breaker.tryAcquirePermission())
    clock.pass(900)
    breaker.onSuccess(permissions[0] ?? 0)
    clock.pass(5000)
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
    expect(breaker.state).to.equal('closed')
  })

  it('count though they are older than the ring of ages reaches', () => {
    const { breaker, clock } = drive(stalling)
    for (let call = 0; call < 3; call++) {
      breaker.tryAcquirePermission()
      clock.pass(1050)
      breaker.onSuccess(breaker.tryAcquirePermission())
    }
    for (let call = 0; call < 5 && breaker.state === 'closed'; call++) {
      clock.pass(300)
      const permission = breaker.tryAcquirePermission()
      if (permission !== 0) breaker.onSuccess(permission)
    }
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'stalled-calls' })
  })

  it('of an end that detached hold nobody up', () => {
    const { breaker, another, clock } = drive(stalling)
    const other = another()
    for (let call = 0; call < 5; call++) other.tryAcquirePermission()
    other.detach()
    clock.pass(5000)
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
    expect(breaker.state).to.equal('closed')
  })

  it('of an earlier life do not open the next', () => {
    const { breaker, clock } = drive(stalling)
    for (let call = 0; call < 5; call++) breaker.tryAcquirePermission()
    breaker.reset()
    clock.pass(5000)
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
    expect(breaker.state).to.equal('closed')
  })

  it('that answer once the circuit has opened are stale', () => {
    const { breaker, clock } = drive(stalling)
    const permissions = [0, 1, 2].map(() => breaker.tryAcquirePermission())
    clock.pass(2000)
    breaker.tryAcquirePermission()
    expect(breaker.state).to.equal('open')
    expect(permissions.map((permission) => breaker.onSuccess(permission))).to.deep.equal([false, false, false])
    expect(breaker.snapshot().total).to.include({ stale: 3, success: 0 })
  })
})
