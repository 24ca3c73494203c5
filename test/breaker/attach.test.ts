import { expect } from 'chai'
import { LAYOUT_VERSION } from '../../src/breaker/storage/memory-map.js'
import { AttachError, ConfigurationError, SharedCircuitBreaker } from '../../src/index.js'
import { attempt, drive } from './driver.js'

describe('options', () => {
  const cases: [string, object, string][] = [
    ['an empty name', { name: '' }, 'name is ""; allowed: a string that is not empty'],
    [
      'a rate above 1',
      { failureRateThreshold: 50 },
      'failureRateThreshold is 50; allowed: a number from 0.000000001 to 1',
    ],
    ['half a call', { minimumCalls: 0.5 }, 'minimumCalls is 0.5; allowed: a whole number from 1 to 2147483647'],
    [
      'a negative wait',
      { waitDurationInOpenStateMs: -1 },
      'waitDurationInOpenStateMs is -1; allowed: milliseconds from 0 to 2147483647',
    ],
    [
      'an unknown window',
      { slidingWindow: { type: 'sliding' } },
      'slidingWindow.type is "sliding"; allowed: "consecutive", "count" or "time"',
    ],
    [
      'slow calls with a window of failures in a row',
      { slidingWindow: { type: 'consecutive', size: 5 }, slowCallDurationThresholdMs: 1000 },
      'slowCallDurationThresholdMs is 1000; allowed: undefined with a consecutive window, which has no rates',
    ],
    ['a timeout of nothing', { timeoutMs: 0 }, 'timeoutMs is 0; allowed: milliseconds from 0.001 to 2147483647'],
    [
      'a wait longer than any timer',
      { waitDurationInOpenStateMs: 2 ** 31 },
      'waitDurationInOpenStateMs is 2147483648; allowed: milliseconds from 0 to 2147483647',
    ],
    ['no room for threads', { maxThreads: 0 }, 'maxThreads is 0; allowed: a whole number from 1 to 1024'],
    [
      'more probes than leases',
      { permittedNumberOfCallsInHalfOpenState: 257 },
      'permittedNumberOfCallsInHalfOpenState is 257; allowed: a whole number from 1 to 256',
    ],
  ]
  for (const [what, options, message] of cases) {
    it(`refuse ${what}, naming field, value and what is allowed`, () => {
      const error = attempt(() => SharedCircuitBreaker.create({ name: 'bad', ...options } as never))
      expect(error).to.be.instanceOf(ConfigurationError).with.property('message', message)
      expect(error).to.have.property('code', 'ERR_CONFIGURATION')
    })
  }

  it('are read back by every thread as they were given', () => {
    const { another, breaker } = drive({
      slidingWindow: { type: 'time', durationMs: 86_400_000, buckets: 24 },
      failureRateThreshold: 0.123456789,
      waitDurationInOpenStateMs: 3_600_000,
      leaseDurationMs: 0.5,
    })
    expect(another().snapshot().configuration).to.deep.equal(breaker.snapshot().configuration)
    expect(another().snapshot().configuration).to.deep.include({
      slidingWindow: { type: 'time', durationMs: 86_400_000, buckets: 24 },
      failureRateThreshold: 0.123456789,
      waitDurationInOpenStateMs: 3_600_000,
      leaseDurationMs: 0.5,
      minimumCalls: 20,
    })
  })
})

describe('attach', () => {
  function codeOf(handle: unknown): unknown {
    const error = attempt(() => SharedCircuitBreaker.attach(handle as never))
    expect(error).to.be.instanceOf(AttachError)
    return (error as AttachError).code
  }

  it('changes nothing of the circuit: an open one stays open, with its deadline', () => {
    const { breaker, another, fail } = drive({ minimumCalls: 1 })
    fail(1)
    const before = breaker.snapshot()
    another()
    const after = breaker.snapshot()
    expect({ ...after, threads: undefined }).to.deep.equal({ ...before, threads: undefined })
  })

  it('refuses what is no handle', () => {
    expect(codeOf(undefined)).to.equal('ERR_NOT_A_BREAKER')
    expect(codeOf({ name: 'x', buffer: new ArrayBuffer(64), firstCell: 0 })).to.equal('ERR_NOT_A_BREAKER')
  })

  it('refuses a foreign buffer', () => {
    expect(codeOf({ name: 'x', buffer: new SharedArrayBuffer(4096), firstCell: 0 })).to.equal('ERR_NOT_A_BREAKER')
    expect(codeOf({ name: 'x', buffer: new SharedArrayBuffer(0), firstCell: 0 })).to.equal('ERR_NOT_A_BREAKER')
  })

  it('refuses a buffer that is cut short', () => {
    const { handle } = drive().breaker
    const short = new SharedArrayBuffer(1024)
    new Uint8Array(short).set(new Uint8Array(handle.buffer, 0, 1024))
    expect(codeOf({ ...handle, buffer: short })).to.equal('ERR_TRUNCATED')
  })

  it('refuses a newer layout, and a header that contradicts itself', () => {
    const { handle } = drive().breaker
    const header = new Int32Array(handle.buffer)
    header[1] = LAYOUT_VERSION + 1
    expect(codeOf(handle)).to.equal('ERR_LAYOUT_VERSION')
    header[1] = LAYOUT_VERSION
    header[3] = 16
    expect(codeOf(handle)).to.equal('ERR_NOT_A_BREAKER')
  })

  it('refuses one thread more than there are slots, and takes it when one has detached', () => {
    const { another, breaker } = drive({ maxThreads: 2 })
    const second = another()
    expect(codeOf(breaker.handle)).to.equal('ERR_TOO_MANY_THREADS')
    second.detach()
    expect(
      another()
        .snapshot()
        .threads.filter(({ threadId }) => threadId !== undefined),
    ).to.have.length(2)
  })

  it('goes on counting in a slot that another thread held: sums never fall', () => {
    const { another, breaker, succeed } = drive({ maxThreads: 2 })
    const second = another()
    succeed(5, second)
    second.detach()
    succeed(3, another())
    expect(breaker.snapshot().total.success).to.equal(8)
  })
})

describe('detach', () => {
  it('gives back the probes that the thread held', () => {
    const { breaker, another, clock, fail } = drive({ minimumCalls: 1, permittedNumberOfCallsInHalfOpenState: 1 })
    fail(1)
    clock.pass(60_000)
    const second = another()
    expect(second.tryAcquirePermission()).not.to.equal(0)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    second.detach()
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
  })

  it('ends the thread’s part: a further call is refused with ERR_DETACHED, a late result counts as nothing', () => {
    const { breaker, another } = drive()
    const second = another()
    const permission = second.tryAcquirePermission()
    second.detach()
    expect(second.onSuccess(permission)).to.equal(false)
    expect(attempt(() => second.tryAcquirePermission())).to.have.property('code', 'ERR_DETACHED')
    expect(breaker.snapshot().total).to.include({ success: 0, stale: 0 })
    second.detach()
  })
})
