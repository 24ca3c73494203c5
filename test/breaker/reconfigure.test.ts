import { expect } from 'chai'
import { ConfigurationError, type Rules, SharedCircuitBreaker } from '../../src/index.js'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import { attempt, drive, small } from './driver.js'
import { ReconfiguringThread } from './reconfigure-thread.js'

/** A breaker with room for all that these tests change. */
const roomy = {
  ...small,
  slidingWindow: { type: 'time', durationMs: 10_000, buckets: 20 },
  permittedNumberOfCallsInHalfOpenState: 8,
  maxConcurrentCalls: 16,
} as const

/** Two configurations that agree in nothing. */
const first: Required<Rules> = {
  slidingWindow: { type: 'time', durationMs: 10_000, buckets: 20 },
  failureRateThreshold: 0.25,
  slowCallDurationThresholdMs: 100,
  slowCallRateThreshold: 0.125,
  minimumCalls: 11,
  waitDurationInOpenStateMs: { initialMs: 10, multiplier: 1.5, maxMs: 1000, randomizationFactor: 0.1 },
  permittedNumberOfCallsInHalfOpenState: 7,
  maxWaitDurationInHalfOpenStateMs: 300,
  transitionToStateAfterWaitDuration: 'open',
  leaseDurationMs: 4000,
  rampUp: { shares: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], stepDurationMs: 60 },
  quorum: 2,
  stalledCalls: { ageMs: 70, count: 80 },
  maxConcurrentCalls: 9,
  timeoutMs: 1111,
}
const second: Required<Rules> = {
  slidingWindow: { type: 'time', durationMs: 3_000_000, buckets: 5 },
  failureRateThreshold: 0.75,
  slowCallDurationThresholdMs: 222.5,
  slowCallRateThreshold: 0.875,
  minimumCalls: 33,
  waitDurationInOpenStateMs: { initialMs: 20, multiplier: 2.5, maxMs: 2000, randomizationFactor: 0.2 },
  permittedNumberOfCallsInHalfOpenState: 3,
  maxWaitDurationInHalfOpenStateMs: 600,
  transitionToStateAfterWaitDuration: 'closed',
  leaseDurationMs: 8000,
  rampUp: { shares: [0.9, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995], stepDurationMs: 120 },
  quorum: 4,
  stalledCalls: { ageMs: 140, count: 160 },
  maxConcurrentCalls: 15,
  timeoutMs: 2222,
}

describe('reconfigure', () => {
  for (const [field, value] of Object.entries(second)) {
    it(`changes ${field} alone, for every end, in the next epoch`, () => {
      const { breaker, another } = drive(roomy)
      const other = another()
      const before = breaker.snapshot().configuration
      breaker.reconfigure({ [field]: value })
      expect(before).not.to.deep.include({ [field]: value })
      for (const end of [breaker, other, another()]) {
        expect(end.snapshot()).to.include({ state: 'closed', epoch: 1, reason: 'reconfigured', calls: 0 })
        expect(end.snapshot().configuration).to.deep.equal({ ...before, [field]: value })
      }
    })
  }

  it('changes all rules at once, and takes away those that may be absent', () => {
    const { breaker, another } = drive(roomy)
    const other = another()
    breaker.reconfigure(first)
    expect(other.snapshot().configuration).to.deep.equal(first)
    other.reconfigure(second)
    expect(breaker.snapshot().configuration).to.deep.equal(second)
    const absent = {
      slowCallDurationThresholdMs: undefined,
      rampUp: undefined,
      stalledCalls: undefined,
      maxConcurrentCalls: undefined,
      timeoutMs: undefined,
    }
    breaker.reconfigure(absent)
    expect(other.snapshot().configuration).to.deep.equal({ ...second, ...absent })
    expect(breaker.snapshot().epoch).to.equal(3)
  })

  it('is what calls are judged by, at every end', () => {
    const { breaker, another, fail, succeed } = drive(roomy)
    const other = another()
    fail(3)
    other.reconfigure({ minimumCalls: 2, failureRateThreshold: 0.3 })
    succeed(1)
    expect(breaker.snapshot()).to.include({ state: 'closed', calls: 1, failures: 0 })
    fail(1, other)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'failure-rate', epoch: 2 })
  })

  it('makes permissions of before stale', () => {
    const { breaker, another } = drive(roomy)
    const other = another()
    const permissions = [breaker.tryAcquirePermission(), breaker.tryAcquirePermission(), other.tryAcquirePermission()]
    breaker.reconfigure({ minimumCalls: 1 })
    expect(breaker.onError(permissions[0] as number)).to.equal(false)
    expect(breaker.onSuccess(permissions[1] as number)).to.equal(false)
    expect(other.releasePermission(permissions[2] as number)).to.equal(false)
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 1, calls: 0, seatsTaken: 0 })
    expect(breaker.snapshot().total).to.include({ stale: 3, error: 0, success: 0, ignored: 0 })
  })

  it('leaves an open circuit its deadline and attempts; the next wait is as configured now', () => {
    const { breaker, another, clock, fail } = drive(roomy)
    fail(4)
    clock.pass(400)
    another().reconfigure({ waitDurationInOpenStateMs: 90_000 })
    expect(breaker.snapshot()).to.include({ state: 'open', epoch: 2, attempt: 1, retryAtMs: clock.nowMs() + 600 })
    clock.pass(599)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    expect(breaker.refusal()).to.include({ retryAfterMs: 1 })
    clock.pass(1)
    fail(4)
    expect(breaker.snapshot()).to.include({ state: 'open', attempt: 2, retryAtMs: clock.nowMs() + 90_000 })
  })

  it('begins the probes of a half-open circuit anew, as many as configured now', () => {
    const { breaker, another } = drive({ ...roomy, initialState: 'half-open' })
    const other = another()
    const early = breaker.tryAcquirePermission()
    breaker.reconfigure({ permittedNumberOfCallsInHalfOpenState: 2 })
    const probes = [1, 2, 3].map(() => other.tryAcquirePermission())
    expect(probes.map((probe) => other.isProbe(probe))).to.deep.equal([true, true, false])
    expect(breaker.onError(early)).to.equal(false)
    for (const probe of probes.slice(0, 2)) expect(other.onSuccess(probe)).to.equal(true)
    expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'probes-succeeded', epoch: 2 })
  })

  it('leaves a ramp-up its end', () => {
    const { breaker, clock, succeed } = drive({ ...roomy, rampUp: { shares: [0.5, 0.5], stepDurationMs: 1000 } })
    breaker.transitionToOpen()
    clock.pass(1000)
    succeed(5)
    clock.pass(1500)
    breaker.reconfigure({ rampUp: { shares: [0.25], stepDurationMs: 5000 } })
    const ask = (times: number) =>
      Array.from({ length: times }, () => breaker.tryAcquirePermission()).filter((permission) => permission !== 0)
    expect(ask(8)).to.have.length(2)
    clock.pass(499)
    expect(breaker.tryAcquirePermission() + breaker.tryAcquirePermission()).not.to.equal(0)
    clock.pass(1)
    expect(ask(8)).to.have.length(8)
  })

  for (const state of ['forced-open', 'disabled', 'metrics-only'] as const) {
    it(`leaves a circuit ${state}`, () => {
      const { breaker } = drive({ ...roomy, initialState: state })
      breaker.reconfigure({ minimumCalls: 7 })
      expect(breaker.snapshot()).to.include({ state, epoch: 1, reason: 'reconfigured' })
      expect(breaker.snapshot().configuration.minimumCalls).to.equal(7)
    })
  }

  const refused: [string, Rules][] = [
    ['permittedNumberOfCallsInHalfOpenState', { permittedNumberOfCallsInHalfOpenState: 9 }],
    ['maxConcurrentCalls', { maxConcurrentCalls: 17 }],
    ['slidingWindow.buckets', { slidingWindow: { type: 'time', durationMs: 1000, buckets: 21 } }],
    ['slidingWindow.size', { slidingWindow: { type: 'count', size: 1 } }],
    ['failureRateThreshold', { failureRateThreshold: 1.1 }],
    ['minimumCalls', { minimumCalls: 0 }],
    [
      'slowCallDurationThresholdMs',
      { slidingWindow: { type: 'consecutive', size: 3 }, slowCallDurationThresholdMs: 5 },
    ],
    ['quorum', { slidingWindow: { type: 'consecutive', size: 3 }, quorum: 2 }],
    ['rampUp.shares[1]', { rampUp: { shares: [0.5, 0], stepDurationMs: 1 } }],
  ]
  for (const [field, rules] of refused) {
    it(`refuses ${JSON.stringify(rules)}, names ${field}, and changes nothing`, () => {
      const { breaker } = drive(roomy)
      const before = breaker.snapshot()
      const permission = breaker.tryAcquirePermission()
      const thrown = attempt(() => breaker.reconfigure({ timeoutMs: 5, ...rules }))
      expect(thrown).to.be.instanceOf(ConfigurationError).with.property('field', field)
      expect((thrown as Error).message).to.include(field)
      expect(breaker.snapshot()).to.deep.equal({ ...before, seatsTaken: 1 })
      expect(breaker.onSuccess(permission)).to.equal(true)
    })
  }

  it('allows exactly what there is room for', () => {
    const { breaker } = drive(roomy)
    breaker.reconfigure({ permittedNumberOfCallsInHalfOpenState: 1, maxConcurrentCalls: 1 })
    breaker.reconfigure({ permittedNumberOfCallsInHalfOpenState: 8, maxConcurrentCalls: 16 })
    breaker.reconfigure({ slidingWindow: { type: 'consecutive', size: 65_535 } })
    breaker.reconfigure({ slidingWindow: { type: 'time', durationMs: 1000, buckets: 20 } })
    expect(breaker.snapshot().epoch).to.equal(4)
  })

  it('changes the type of the window, whose content is lost', () => {
    const { breaker, fail } = drive({ ...roomy, slidingWindow: { type: 'count', size: 50 } })
    fail(3)
    breaker.reconfigure({ slidingWindow: { type: 'consecutive', size: 3 } })
    fail(2)
    expect(breaker.snapshot()).to.include({ state: 'closed', failures: 2 })
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'consecutive-failures' })
    breaker.reset()
    breaker.reconfigure({ slidingWindow: { type: 'count', size: 4 }, minimumCalls: 4 })
    fail(3)
    expect(breaker.snapshot()).to.include({ state: 'closed', calls: 3 })
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'failure-rate' })
  })

  it('is refused to an end that is detached', () => {
    const { another } = drive(roomy)
    const other = another()
    other.detach()
    expect(attempt(() => other.reconfigure({ minimumCalls: 7 }))).to.have.property('code', 'ERR_DETACHED')
  })
})

describe('reconfigure between any two steps of a reader', () => {
  it('never shows a mixture of two configurations', () => {
    const { breaker, another } = drive(roomy)
    const other = another()
    const { load } = AtomicCells.prototype
    let step = 0
    for (let reached = true; reached; step++) {
      // By turns, so that the reader begins with either, and one change writes where it reads.
      other.reconfigure(step % 2 === 0 ? first : second)
      let loads = 0
      reached = false
      AtomicCells.prototype.load = function (index) {
        if (loads++ === step) {
          AtomicCells.prototype.load = load
          reached = true
          for (const rules of step % 2 === 0 ? [second, second] : [first, first]) other.reconfigure(rules)
        }
        return load.call(this, index)
      }
      try {
        expect([first, second], `changed before load ${step}`).to.deep.include(breaker.snapshot().configuration)
      } finally {
        AtomicCells.prototype.load = load
      }
    }
    expect(step, 'loads of a snapshot').to.be.greaterThan(50)
  })
})

describe('reconfigure on real threads', () => {
  it('never shows a mixture of two configurations', async () => {
    const breaker = SharedCircuitBreaker.create({ name: 'mixed', ...roomy })
    breaker.reconfigure(first)
    // A thread writes its two places in memory by turns: with two changes each place would have one content for ever.
    const thread = new ReconfiguringThread(breaker.handle, [second, first, first])
    try {
      await thread.runs()
      const began = breaker.snapshot().epoch
      const seen = new Map<string, number>()
      for (let reads = 0; reads < 20_000; reads++) {
        const text = JSON.stringify(breaker.snapshot().configuration)
        seen.set(text, (seen.get(text) ?? 0) + 1)
      }
      const configurations = [...seen.keys()].map((text) => JSON.parse(text))
      expect(configurations).to.have.deep.members([first, second])
      expect(breaker.snapshot().epoch, 'changes meanwhile').to.be.greaterThan(began + 1000)
    } finally {
      await thread.terminate()
      breaker.detach()
    }
  }).timeout(60_000)

  it('reaches a thread that slept through two changes by one other', () => {
    const { breaker, another, fail } = drive({ ...small, minimumCalls: 10 })
    const sleeper = another()
    breaker.reconfigure({ minimumCalls: 5 })
    breaker.reconfigure({ minimumCalls: 2 })
    fail(2, sleeper)
    expect(breaker.state).to.equal('open')
  })
})
