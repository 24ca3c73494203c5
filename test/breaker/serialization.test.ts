import { expect } from 'chai'
import { ConfigurationError, type SerializedBreaker, SharedCircuitBreaker } from '../../src/index.js'
import { FakeClock } from '../fake-clock.js'
import { attempt, drive, small } from './driver.js'

/** As a file would give it back to another process, whose clock has another origin. */
function throughAFile(breaker: SharedCircuitBreaker, passedMs = 0) {
  const clock = new FakeClock(50_000_000)
  const saved = JSON.parse(JSON.stringify(breaker.serialize())) as SerializedBreaker
  const earlier = { ...saved, sinceMs: saved.sinceMs - passedMs, retryAtMs: saved.retryAtMs - passedMs }
  return { clock, restored: SharedCircuitBreaker.restore(earlier, {}, { clock }) }
}

const windows = [
  { type: 'time', durationMs: 10_000, buckets: 10 },
  { type: 'count', size: 8 },
  { type: 'consecutive', size: 5 },
] as const

describe('a saved breaker', () => {
  for (const slidingWindow of windows) {
    it(`goes on where it was, with what its ${slidingWindow.type} window held`, () => {
      const { breaker, fail, succeed, clock } = drive({ ...small, slidingWindow, minimumCalls: 7 })
      succeed(4)
      clock.pass(2000)
      fail(2)
      const before = breaker.snapshot()
      const { restored } = throughAFile(breaker)
      const { state, epoch, calls, failures, total, configuration, reason } = restored.snapshot()
      expect({ state, epoch, calls, failures, total, configuration }).to.deep.equal({
        state: 'closed',
        epoch: before.epoch,
        calls: before.calls,
        failures: before.failures,
        total: before.total,
        configuration: before.configuration,
      })
      expect(reason).to.equal('restored')
    })
  }

  it('counts its old failures with new ones', () => {
    const { breaker, fail } = drive({ slidingWindow: { type: 'consecutive', size: 5 } })
    fail(4)
    const { restored } = throughAFile(breaker)
    expect(restored.state).to.equal('closed')
    restored.onError(restored.tryAcquirePermission())
    expect(restored.state).to.equal('open')
  })

  it('lets a success end a row of old failures', () => {
    const { breaker, fail } = drive({ slidingWindow: { type: 'consecutive', size: 5 } })
    fail(4)
    const { restored } = throughAFile(breaker)
    restored.onSuccess(restored.tryAcquirePermission())
    restored.onError(restored.tryAcquirePermission())
    expect(restored.state).to.equal('closed')
  })

  it('keeps each failed and each slow call of a count window in its place', () => {
    const { breaker, succeed, fail } = drive({ ...small, slidingWindow: { type: 'count', size: 4 }, minimumCalls: 4 })
    fail(1)
    succeed(3)
    const { restored } = throughAFile(breaker)
    restored.onSuccess(restored.tryAcquirePermission())
    expect(restored.snapshot()).to.include({ calls: 4, failures: 0 })
  })

  it('opens again for what is left of its wait', () => {
    const { breaker, fail } = drive(small)
    fail(4)
    const { restored, clock } = throughAFile(breaker, 400)
    expect(restored.state).to.equal('open')
    expect(restored.tryAcquirePermission()).to.equal(0)
    clock.pass(590)
    expect(restored.tryAcquirePermission()).to.equal(0)
    clock.pass(100)
    expect(restored.isProbe(restored.tryAcquirePermission())).to.equal(true)
  })

  it('remembers what its probes came to, and gives the permissions of those under way again', () => {
    const { breaker, fail, clock } = drive({ ...small, permittedNumberOfCallsInHalfOpenState: 4 })
    fail(4)
    clock.pass(1000)
    breaker.onSuccess(breaker.tryAcquirePermission())
    breaker.tryAcquirePermission()
    const { restored } = throughAFile(breaker)
    expect(restored.state).to.equal('half-open')
    const permissions = [1, 2, 3, 4].map(() => restored.tryAcquirePermission())
    expect(permissions.filter((permission) => permission !== 0)).to.have.lengthOf(3)
    restored.onSuccess(permissions[0] ?? 0)
    restored.onSuccess(permissions[1] ?? 0)
    expect(restored.state).to.equal('closed')
  })

  for (const field of Object.keys(drive().breaker.serialize())) {
    it(`is refused without its ${field}, or with something else there`, () => {
      for (const value of [undefined, Number.NaN, field === 'name' ? '' : 'other', [{}], {}]) {
        const saved = { ...drive().breaker.serialize(), [field]: value }
        const error = attempt(() => SharedCircuitBreaker.restore(saved as never))
        expect(error, `${value}`).to.be.instanceOf(ConfigurationError)
        expect((error as ConfigurationError).field).to.match(new RegExp(`^${field}`))
      }
    })
  }
})
