import { expect } from 'chai'
import { type CircuitState, DetachedError, type SharedCircuitBreaker } from '../../src/index.js'
import { attempt, drive, small } from './driver.js'

type Move = { readonly to: CircuitState; readonly by: string; readonly make: (breaker: SharedCircuitBreaker) => void }

const moves: readonly Move[] = [
  { to: 'forced-open', by: 'forceOpen', make: (breaker) => breaker.forceOpen() },
  { to: 'disabled', by: 'disable', make: (breaker) => breaker.disable() },
  { to: 'metrics-only', by: 'metricsOnly', make: (breaker) => breaker.metricsOnly() },
  { to: 'closed', by: 'transitionToClosed', make: (breaker) => breaker.transitionToClosed() },
  { to: 'open', by: 'transitionToOpen', make: (breaker) => breaker.transitionToOpen() },
  { to: 'half-open', by: 'transitionToHalfOpen', make: (breaker) => breaker.transitionToHalfOpen() },
]
const admitting: readonly CircuitState[] = ['closed', 'half-open', 'disabled', 'metrics-only']
const none = { success: 0, error: 0, ignored: 0, refused: 0, stale: 0, slow: 0 }

describe('manual states', () => {
  for (const { to, by, make } of moves) {
    for (const from of moves.filter((move) => move.to !== to)) {
      it(`${by} leads from ${from.to} to ${to}, for every end, in the next epoch`, () => {
        const { breaker, another } = drive(small)
        const other = another()
        from.make(breaker)
        const { epoch } = breaker.snapshot()
        make(other)
        expect(breaker.state).to.equal(to)
        expect(breaker.snapshot()).to.include({ epoch: epoch + 1, reason: 'manual', calls: 0 })
        expect(breaker.tryAcquirePermission() !== 0).to.equal(admitting.includes(to))
      })
    }

    it(`${by} does nothing in ${to}: no epoch, no news, permissions stay good`, () => {
      const { breaker, another } = drive(small)
      const other = another()
      make(breaker)
      const { epoch, sinceMs } = breaker.snapshot()
      let told = 0
      breaker.onTransition(() => {
        told += 1
      })
      const permission = breaker.tryAcquirePermission()
      make(breaker)
      make(other)
      expect(breaker.snapshot()).to.include({ state: to, epoch, sinceMs })
      expect(told).to.equal(0)
      if (permission !== 0) expect(breaker.onSuccess(permission)).to.equal(true)
    })
  }

  for (const from of moves.filter((move) => admitting.includes(move.to))) {
    const ways = moves.filter((move) => move.to !== from.to)
    const reset: Move = { to: 'closed', by: 'reset', make: (breaker) => breaker.reset() }
    for (const { to, by, make } of [...ways, reset]) {
      it(`${by} makes permissions of ${from.to} stale, and what they report changes nothing`, () => {
        const { breaker } = drive({ ...small, permittedNumberOfCallsInHalfOpenState: 4, minimumCalls: 1 })
        from.make(breaker)
        const [first, second, third] = [1, 2, 3].map(() => breaker.tryAcquirePermission()) as [number, number, number]
        make(breaker)
        const { epoch } = breaker.snapshot()
        expect(breaker.onError(first, new Error('late'))).to.equal(false)
        expect(breaker.onSuccess(second)).to.equal(false)
        expect(breaker.releasePermission(third)).to.equal(false)
        expect(breaker.snapshot()).to.include({ state: to, epoch, calls: 0, failures: 0 })
        expect(breaker.snapshot().total).to.deep.equal({ ...none, stale: 3 })
      })
    }
  }

  it('forced open refuses for ever', () => {
    const { breaker, clock } = drive(small)
    breaker.forceOpen()
    for (let days = 0; days < 30; days++) {
      expect(breaker.tryAcquirePermission()).to.equal(0)
      expect(breaker.refusal()).to.include({ state: 'forced-open', reason: 'circuit' })
      expect(breaker.refusal()).to.have.property('retryAfterMs', Number.POSITIVE_INFINITY)
      clock.pass(24 * 3_600_000)
    }
    expect(breaker.snapshot()).to.include({ state: 'forced-open', epoch: 1, retryAtMs: undefined })
    expect(breaker.snapshot().total.refused).to.equal(30)
  })

  it('disabled admits all and judges none: totals go on, the window stands still', () => {
    const { breaker, another, succeed, fail } = drive(small)
    breaker.disable()
    fail(50, another())
    succeed(7)
    expect(breaker.releasePermission(breaker.tryAcquirePermission())).to.equal(true)
    expect(breaker.snapshot()).to.include({ state: 'disabled', epoch: 1, calls: 0, failures: 0 })
    expect(breaker.snapshot()).to.have.property('failureRate', undefined)
    expect(breaker.snapshot().total).to.deep.equal({ ...none, success: 7, error: 50, ignored: 1 })
  })

  const windows = [
    { type: 'time', durationMs: 10_000 },
    { type: 'count', size: 100 },
    { type: 'consecutive', size: 4 },
  ] as const
  for (const slidingWindow of windows) {
    it(`metrics-only records into a ${slidingWindow.type} window and never trips`, () => {
      const { breaker, another, fail } = drive({ ...small, slidingWindow })
      breaker.metricsOnly()
      fail(30)
      fail(20, another())
      expect(breaker.snapshot()).to.include({ state: 'metrics-only', epoch: 1, calls: 50, failures: 50 })
      expect(breaker.snapshot()).to.include({ failureRate: 1 })
      expect(breaker.snapshot().total).to.deep.equal({ ...none, error: 50 })
    })

    it(`a circuit closed after metrics-only or disabled begins with an empty ${slidingWindow.type} window`, () => {
      const { breaker, fail } = drive({ ...small, slidingWindow })
      for (const make of [() => breaker.metricsOnly(), () => breaker.disable()]) {
        make()
        fail(50)
        breaker.transitionToClosed()
        fail(3)
        expect(breaker.snapshot()).to.include({ state: 'closed', calls: 3, failures: 3 })
        fail(1)
        expect(breaker.state).to.equal('open')
      }
    })
  }

  it('reset of a closed circuit begins a new life with an empty window', () => {
    const { breaker, another, fail } = drive(small)
    const other = another()
    fail(3)
    breaker.reset()
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 1, reason: 'reset', calls: 0, attempt: 0 })
    fail(3, other)
    expect(breaker.state).to.equal('closed')
    fail(1)
    expect(breaker.state).to.equal('open')
  })

  it('reset leads from every state to closed', () => {
    for (const { make } of moves) {
      const { breaker, another } = drive(small)
      make(breaker)
      const { epoch } = breaker.snapshot()
      another().reset()
      expect(breaker.snapshot()).to.include({ state: 'closed', epoch: epoch + 1, reason: 'reset' })
      expect(breaker.onSuccess(breaker.tryAcquirePermission())).to.equal(true)
    }
  })

  it('transitionToOpen lasts as long as configured, or as long as it is told', () => {
    for (const [forMs, lastsMs] of [
      [undefined, 1000],
      [50, 50],
      [7_200_000, 7_200_000],
    ] as const) {
      const { breaker, clock } = drive(small)
      breaker.transitionToOpen(forMs)
      expect(breaker.snapshot()).to.include({ retryAtMs: clock.nowMs() + lastsMs, attempt: 1 })
      clock.pass(lastsMs - 1)
      expect(breaker.tryAcquirePermission()).to.equal(0)
      expect(breaker.refusal()).to.include({ state: 'open', retryAfterMs: 1 })
      clock.pass(1)
      expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
      expect(breaker.snapshot()).to.include({ state: 'half-open', reason: 'wait-elapsed', epoch: 2 })
    }
  })

  it('transitionToOpen of an open circuit leaves its deadline as it is', () => {
    const { breaker, clock } = drive(small)
    breaker.transitionToOpen(500)
    clock.pass(100)
    breaker.transitionToOpen(90_000)
    expect(breaker.snapshot()).to.include({ epoch: 1, retryAtMs: clock.nowMs() + 400 })
  })

  it('transitionToOpen refuses what is no duration, and changes nothing', () => {
    const { breaker } = drive(small)
    for (const forMs of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => breaker.transitionToOpen(forMs))
        .to.throw()
        .with.property('code', 'ERR_CONFIGURATION')
    }
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 0 })
  })

  it('transitionToHalfOpen gives as many permissions as configured, and their results decide', () => {
    const { breaker, succeed, fail } = drive(small)
    breaker.transitionToHalfOpen()
    expect([1, 2, 3].map(() => breaker.isProbe(breaker.tryAcquirePermission()))).to.deep.equal([true, true, false])
    breaker.reset()
    breaker.transitionToHalfOpen()
    succeed(2)
    expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'probes-succeeded' })
    breaker.transitionToHalfOpen()
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'probes-failed' })
  })

  it('are refused to an end that is detached', () => {
    const { breaker, another } = drive(small)
    const other = another()
    other.detach()
    for (const { make } of [...moves, { make: (end: SharedCircuitBreaker) => end.reset() }]) {
      expect(() => make(other)).to.throw(DetachedError)
    }
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 0 })
  })
})

describe('initial state', () => {
  for (const initialState of moves.map((move) => move.to)) {
    it(`may be ${initialState}, for every end`, () => {
      const { breaker, another, clock } = drive({ ...small, initialState })
      const other = another()
      const retryAtMs = initialState === 'open' ? clock.nowMs() + 1000 : undefined
      for (const end of [breaker, other]) {
        expect(end.snapshot()).to.include({ state: initialState, epoch: 0, reason: 'created', retryAtMs })
        expect(end.tryAcquirePermission() !== 0).to.equal(admitting.includes(initialState))
      }
    })
  }

  it('open lets probes through after the wait', () => {
    const { breaker, clock, succeed } = drive({ ...small, initialState: 'open' })
    clock.pass(999)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    clock.pass(1)
    succeed(2)
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 2 })
  })

  it('half-open is decided by its probes', () => {
    const { breaker, another, succeed, fail } = drive({ ...small, initialState: 'half-open' })
    succeed(1)
    succeed(1, another())
    expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'probes-succeeded', epoch: 1 })
    const second = drive({ ...small, initialState: 'half-open' })
    second.fail(1)
    expect(second.breaker.snapshot()).to.include({ state: 'open', reason: 'probes-failed', epoch: 1 })
    fail(4)
    expect(breaker.snapshot()).to.include({ state: 'open', attempt: 1 })
  })
})

describe('transitionToOpen', () => {
  it('takes any time from nothing on, and names its field where it does not', () => {
    const { breaker } = drive(small)
    for (const forMs of [-1, Number.NaN, Number.POSITIVE_INFINITY, '5' as unknown as number]) {
      expect(attempt(() => breaker.transitionToOpen(forMs))).to.include({ code: 'ERR_CONFIGURATION', field: 'forMs' })
    }
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 0 })
    breaker.transitionToOpen(0)
    expect(breaker.state).to.equal('open')
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
  })
})
