import { setImmediate } from 'node:timers/promises'
import { expect } from 'chai'
import { type BreakerEvent, DetachedError, type EventType, type SharedCircuitBreaker } from '../../../src/index.js'
import { attempt, drive, failing, small } from '../driver.js'

/** What a breaker tells this thread, as `type thread duration`. */
function listening(breaker: SharedCircuitBreaker, ...types: EventType[]) {
  const heard: string[] = []
  for (const type of types) {
    breaker.on(type, (event: BreakerEvent) => {
      const duration = 'durationMs' in event && event.durationMs !== undefined ? ` ${event.durationMs}` : ''
      heard.push(`${event.type} ${event.thread}${duration}`)
    })
  }
  return {
    heard,
    /** Once everything that has happened so far was told. */
    async all() {
      for (let turn = 0; turn < 5; turn++) await setImmediate()
      return heard
    },
  }
}

const outcomes = ['success', 'error', 'ignored', 'refused'] as const

describe('the events of a breaker', () => {
  it('tell each outcome of every thread’s calls, with its duration, while somebody listens', async () => {
    const { breaker, another, clock } = drive({ ...small, ignoreError: (error) => error === 'never mind' })
    const other = another()
    const { all } = listening(other, ...outcomes)
    breaker.executeSync(() => clock.pass(7))
    attempt(() => other.executeSync(failing))
    attempt(() =>
      breaker.executeSync(() => {
        clock.pass(3)
        throw 'never mind'
      }),
    )
    breaker.forceOpen()
    attempt(() => other.executeSync(failing))
    attempt(() => other.executeSync(failing))
    expect(await all()).to.deep.equal(['success 0 7', 'error 1 0', 'ignored 0 3', 'refused 1', 'refused 1'])
  })

  for (const state of ['half-open', 'disabled', 'metrics-only', 'closed after a transition'] as const) {
    it(`tell the outcomes of a circuit that is ${state}, though the listening began before that`, async () => {
      const { breaker, another } = drive(small)
      const other = another()
      const { all } = listening(breaker, ...outcomes)
      if (state === 'half-open') breaker.transitionToHalfOpen()
      if (state === 'disabled') breaker.disable()
      if (state === 'metrics-only') breaker.metricsOnly()
      if (state === 'closed after a transition') breaker.reset()
      other.executeSync(() => 'done')
      expect(await all()).to.deep.equal(['success 1 0'])
    })
  }

  it('tell no outcome once the last listener has gone, and let calls go the short way again', async () => {
    const { breaker, another, succeed } = drive(small)
    const other = another()
    const short = breaker.tryAcquirePermission()
    const { heard, all } = listening(other, 'transition')
    const stop = other.on('success', () => heard.push('heard'))
    succeed(1)
    await all()
    const followed = breaker.tryAcquirePermission()
    stop()
    succeed(1)
    expect(await all()).to.deep.equal(['heard'])
    expect([breaker.tryAcquirePermission(), followed === short]).to.deep.equal([short, false])
  })

  it('tell of a stale result always', async () => {
    const { breaker, another } = drive(small)
    const permission = breaker.tryAcquirePermission()
    const { all } = listening(another(), 'stale', 'transition')
    breaker.reset()
    breaker.onSuccess(permission)
    expect(await all()).to.deep.equal(['transition 0', 'stale 0'])
  })

  it('tell of a lease that was taken back, and of whom it was', async () => {
    const { breaker, another, clock } = drive({
      ...small,
      permittedNumberOfCallsInHalfOpenState: 1,
      leaseDurationMs: 50,
    })
    const other = another()
    const { all } = listening(breaker, 'lease-reclaimed')
    breaker.transitionToHalfOpen()
    other.tryAcquirePermission()
    clock.pass(50)
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
    expect(await all()).to.deep.equal(['lease-reclaimed 1'])
  })

  it('tell of a thread that was cut off, and of its return', async () => {
    const { breaker, another, clock, fail, succeed } = drive({ ...small, quorum: 2, waitDurationInOpenStateMs: 100 })
    const { all } = listening(another(), 'thread-cut-off', 'thread-restored', 'transition')
    fail(4)
    clock.pass(100)
    succeed(1)
    expect(breaker.state).to.equal('closed')
    expect(await all()).to.deep.equal(['thread-cut-off 0', 'thread-restored 0'])
  })

  it('end with the thread’s part', async () => {
    const { breaker, another } = drive(small)
    const other = another()
    const { heard, all } = listening(other, 'success', 'transition')
    const read = other.events('transition')[Symbol.asyncIterator]().next()
    other.detach()
    breaker.executeSync(() => 'done')
    breaker.reset()
    await all()
    expect([heard, (await read).done]).to.deep.equal([[], true])
    for (const listen of [() => other.on('stale', () => {}), () => other.events(), () => other.publishCalls()]) {
      expect(attempt(listen)).to.be.instanceOf(DetachedError)
    }
  })
})
