import { expect } from 'chai'
import { drive, small } from './driver.js'

const two = { ...small, quorum: 2 } as const

describe('a quorum of threads', () => {
  it('opens the circuit for all only when so many threads see failures', () => {
    const { breaker, another, fail } = drive(two)
    const other = another()
    fail(3)
    expect(breaker.state).to.equal('closed')
    fail(1, other)
    expect(other.snapshot()).to.include({ state: 'open', reason: 'failure-rate' })
  })

  it('cuts off a thread that fails alone, and nobody else', () => {
    const { breaker, another, fail, succeed } = drive(two)
    const healthy = another()
    fail(4)
    expect(breaker.state).to.equal('closed')
    expect(breaker.tryAcquirePermission()).to.equal(0)
    expect(breaker.refusal()).to.include({ code: 'ERR_CALL_NOT_PERMITTED', reason: 'thread-cut-off' })
    succeed(20, healthy)
    expect(healthy.snapshot().total).to.include({ success: 20 })
  })

  it('tells in the snapshot whose failures they are and until when a thread is cut off', () => {
    const { breaker, another, clock, fail, succeed } = drive(two)
    const healthy = another()
    succeed(2, healthy)
    fail(4)
    const [sick, well] = healthy.snapshot().threads
    expect(sick?.window).to.include({ calls: 4, failures: 4 })
    expect(sick?.cutOffUntilMs).to.equal(clock.nowMs() + 1000)
    expect(well?.window).to.include({ calls: 2, failures: 0 })
    expect(well?.cutOffUntilMs).to.equal(undefined)
    expect(breaker.snapshot()).to.include({ calls: 6, failures: 4 })
  })

  it('lets a thread that was cut off back after one probe that succeeds', () => {
    const { breaker, another, clock, fail, succeed } = drive(two)
    another()
    fail(4)
    clock.pass(1000)
    const probe = breaker.tryAcquirePermission()
    expect(breaker.isProbe(probe)).to.equal(true)
    expect(breaker.tryAcquirePermission(), 'one probe at a time').to.equal(0)
    expect(breaker.onSuccess(probe)).to.equal(true)
    succeed(5)
    expect(breaker.snapshot().threads[0]?.cutOffUntilMs).to.equal(undefined)
  })

  it('cuts it off anew after one that fails', () => {
    const { breaker, another, clock, fail } = drive(two)
    another()
    fail(4)
    clock.pass(1000)
    breaker.onError(breaker.tryAcquirePermission(), new Error('still down'))
    clock.pass(999)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    clock.pass(1)
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
    expect(breaker.state).to.equal('closed')
  })

  it('ends a cut-off with the life that it was of', () => {
    const { breaker, another, fail, succeed } = drive(two)
    another()
    fail(4)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    breaker.reset()
    succeed(1)
    expect(breaker.snapshot().total).to.include({ success: 1 })
  })

  it('ends a cut-off with its thread: the next one in its slot is not said to be cut off', () => {
    const { breaker, another } = drive(two)
    const sick = another()
    for (let call = 0; call < 4; call++) sick.onError(sick.tryAcquirePermission(), new Error('down'))
    expect(breaker.snapshot().threads[1]?.cutOffUntilMs).not.to.equal(undefined)
    sick.detach()
    another()
    expect(breaker.snapshot().threads[1]?.cutOffUntilMs).to.equal(undefined)
  })
})
