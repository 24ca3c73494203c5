import { expect } from 'chai'
import type { BreakerOptions, SharedCircuitBreaker, ThreadOptions } from '../../src/index.js'
import { drive, small } from './driver.js'

const slowAt100 = { ...small, slowCallDurationThresholdMs: 100, slowCallRateThreshold: 0.5 } as const

function driveSlow(options: Partial<BreakerOptions & ThreadOptions> = {}) {
  const driven = drive({ ...slowAt100, ...options })
  const { breaker, clock } = driven
  /** One call that takes so long; returns whether it counted. */
  function call(tookMs: number, failed = false, end: SharedCircuitBreaker = breaker): boolean {
    const permission = end.tryAcquirePermission()
    expect(permission).not.to.equal(0)
    clock.pass(tookMs)
    return failed ? end.onError(permission, new Error('slow')) : end.onSuccess(permission)
  }
  return { ...driven, call }
}

describe('slow calls', () => {
  it('take the threshold or longer', () => {
    const { breaker, call } = driveSlow()
    call(99.9)
    expect(breaker.snapshot()).to.include({ calls: 1, slow: 0, slowCallRate: 0 })
    call(100)
    expect(breaker.snapshot()).to.include({ calls: 2, slow: 1, failures: 0, slowCallRate: 0.5 })
    call(5000, true)
    expect(breaker.snapshot()).to.include({ calls: 3, slow: 2, failures: 1 })
    expect(breaker.snapshot().total).to.include({ success: 2, error: 1, slow: 2 })
  })

  const windows = [
    { type: 'time', durationMs: 10_000, buckets: 10 },
    { type: 'count', size: 10 },
  ] as const
  for (const slidingWindow of windows) {
    describe(`in a ${slidingWindow.type} window`, () => {
      it('open the circuit when their rate reaches the threshold', () => {
        const { breaker, call } = driveSlow({ slidingWindow })
        for (const tookMs of [0, 0, 100]) call(tookMs)
        expect(breaker.state).to.equal('closed')
        call(100)
        expect(breaker.snapshot()).to.include({ state: 'open', reason: 'slow-call-rate', epoch: 1 })
        expect(breaker.snapshot().total).to.include({ success: 4, error: 0, slow: 2 })
      })

      it('open it at no lower rate', () => {
        const { breaker, call } = driveSlow({ slidingWindow, slowCallRateThreshold: 0.51 })
        for (const tookMs of [0, 0, 100, 100]) call(tookMs)
        expect(breaker.snapshot()).to.include({ state: 'closed', calls: 4, slow: 2 })
        call(100)
        expect(breaker.state).to.equal('open')
      })

      it('are not judged over fewer calls than the minimum, but on the fast success that completes it', () => {
        const { breaker, call } = driveSlow({ slidingWindow })
        for (const tookMs of [100, 100, 100]) call(tookMs)
        expect(breaker.state).to.equal('closed')
        call(0)
        expect(breaker.snapshot()).to.include({ state: 'open', reason: 'slow-call-rate' })
      })

      it('that fail count as both, and the failure rate is named first', () => {
        const { breaker, call } = driveSlow({ slidingWindow })
        for (let count = 0; count < 4; count++) call(100, true)
        expect(breaker.snapshot()).to.include({ state: 'open', reason: 'failure-rate' })
        expect(breaker.snapshot().total).to.include({ success: 0, error: 4, slow: 4 })
      })

      it('are told with the transition', () => {
        const { breaker, call } = driveSlow({ slidingWindow, failureRateThreshold: 1 })
        let told: unknown
        breaker.onTransition((transition) => {
          told = transition
        })
        for (const failed of [false, false, true]) call(100, failed)
        call(0)
        expect(told).to.include({ reason: 'slow-call-rate', calls: 4, failures: 1, slow: 3 })
      })

      it('are summed over all ends', () => {
        const { breaker, another, call } = driveSlow({ slidingWindow })
        const other = another()
        call(0)
        call(0, false, other)
        call(100)
        call(100, false, other)
        expect(other.snapshot()).to.include({ state: 'open', reason: 'slow-call-rate' })
        expect(breaker.snapshot().threads.map(({ total }) => total.slow)).to.deep.equal([1, 1])
      })
    })
  }

  it('that leave the time window no longer count', () => {
    const { breaker, clock, call } = driveSlow({ minimumCalls: 2 })
    call(100)
    clock.pass(10_000)
    call(0)
    call(0)
    expect(breaker.snapshot()).to.include({ state: 'closed', calls: 2, slow: 0 })
  })

  it('open it only all together by default', () => {
    const { breaker, call } = driveSlow({ slowCallRateThreshold: 1 })
    for (const tookMs of [0, 100, 100, 100, 100]) call(tookMs)
    expect(breaker.state).to.equal('closed')
    breaker.reset()
    for (let count = 0; count < 4; count++) call(100)
    expect(breaker.state).to.equal('open')
  })

  it('are none without a duration', () => {
    const { breaker, call } = driveSlow({ slowCallDurationThresholdMs: undefined })
    for (let count = 0; count < 5; count++) call(2_000_000)
    expect(breaker.state).to.equal('closed')
    expect(breaker.snapshot().total).to.include({ success: 5, slow: 0 })
  })

  it('are timed in execute and executeSync too', async () => {
    const { breaker, clock } = driveSlow()
    const action = () => clock.pass(100)
    await breaker.execute(async () => action())
    breaker.executeSync(action)
    expect(breaker.snapshot()).to.include({ calls: 2, slow: 2 })
  })

  it('that are given back count as nothing', () => {
    const { breaker, clock } = driveSlow({ ignoreError: () => true })
    const [released, ignored] = [breaker.tryAcquirePermission(), breaker.tryAcquirePermission()]
    clock.pass(500)
    expect(breaker.releasePermission(released as number)).to.equal(true)
    expect(breaker.onError(ignored as number, new Error('ignored'))).to.equal(true)
    expect(breaker.snapshot()).to.include({ calls: 0, slow: 0 })
    expect(breaker.snapshot().total).to.include({ ignored: 2, slow: 0 })
  })

  it('of an earlier life are stale, not slow', () => {
    const { breaker, clock } = driveSlow()
    const early = breaker.tryAcquirePermission()
    clock.pass(500)
    breaker.reset()
    expect(breaker.onSuccess(early)).to.equal(false)
    expect(breaker.snapshot()).to.include({ calls: 0, slow: 0 })
    expect(breaker.snapshot().total).to.include({ success: 0, slow: 0, stale: 1 })
  })

  it('are measured while metrics-only and only summed while disabled; neither trips', () => {
    const { breaker, call } = driveSlow()
    breaker.metricsOnly()
    for (let count = 0; count < 6; count++) call(100)
    expect(breaker.snapshot()).to.include({ state: 'metrics-only', calls: 6, slow: 6, slowCallRate: 1 })
    breaker.disable()
    for (let count = 0; count < 6; count++) call(100)
    expect(breaker.snapshot()).to.include({ state: 'disabled', calls: 0, slow: 0 })
    expect(breaker.snapshot().total).to.include({ success: 12, slow: 12 })
  })
})

describe('slow probes', () => {
  it('open the circuit again as soon as their part of all probes reaches the threshold', () => {
    const { breaker, call } = driveSlow({ permittedNumberOfCallsInHalfOpenState: 4, initialState: 'half-open' })
    call(100)
    expect(breaker.state).to.equal('half-open')
    call(100)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'probes-failed' })
    expect(breaker.snapshot().total).to.include({ success: 2, slow: 2 })
  })

  it('leave it undecided until so many were fast that the rest can’t matter', () => {
    const { breaker, call } = driveSlow({
      permittedNumberOfCallsInHalfOpenState: 4,
      slowCallRateThreshold: 0.75,
      failureRateThreshold: 1,
      initialState: 'half-open',
    })
    call(100)
    call(100)
    call(0)
    expect(breaker.state).to.equal('half-open')
    call(0)
    expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'probes-succeeded' })
  })

  it('that fail count as both', () => {
    const { breaker, call } = driveSlow({
      permittedNumberOfCallsInHalfOpenState: 3,
      failureRateThreshold: 1,
      slowCallRateThreshold: 0.6,
      initialState: 'half-open',
    })
    call(100, true)
    expect(breaker.state).to.equal('half-open')
    call(100, false)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'probes-failed' })
    expect(breaker.snapshot().total).to.include({ success: 1, error: 1, slow: 2 })
  })
})
