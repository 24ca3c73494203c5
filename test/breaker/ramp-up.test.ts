import { expect } from 'chai'
import type { BreakerOptions, ThreadOptions } from '../../src/index.js'
import { drive, small } from './driver.js'

const ramping = {
  ...small,
  minimumCalls: 20,
  slidingWindow: { type: 'time', durationMs: 100_000, buckets: 10 },
  rampUp: { shares: [0.1, 0.25, 0.5], stepDurationMs: 1000 },
} as const

/** A circuit that has just recovered, and two ends that take turns. */
function driveRamp(options: Partial<BreakerOptions & ThreadOptions> = {}) {
  const driven = drive({ ...ramping, ...options })
  const { breaker, clock } = driven
  const ends = [breaker, driven.another()] as const
  breaker.transitionToOpen()
  clock.pass(1000)
  driven.succeed(2)
  expect(breaker.snapshot()).to.include({ state: 'closed', reason: 'probes-succeeded', epoch: 3 })
  /** Asks so many times, by turns; gives which of the calls were admitted, from 1, all reported as successes. */
  function ask(times: number): number[] {
    const admitted: number[] = []
    for (let call = 1; call <= times; call++) {
      const end = ends[call % 2] as typeof breaker
      const permission = end.tryAcquirePermission()
      if (permission !== 0 && end.onSuccess(permission)) admitted.push(call)
    }
    return admitted
  }
  return { ...driven, ends, ask }
}

/** The calls, from 1, that a share given as a fraction admits: those at which the whole part of ⌈call × share⌉ grows. */
function admittedBy(part: number, whole: number, times: number): number[] {
  const upTo = (call: number) => Math.floor((call * part + whole - 1) / whole)
  return Array.from({ length: times }, (_, index) => index + 1).filter((call) => upTo(call) > upTo(call - 1))
}

describe('ramp-up', () => {
  it('admits exactly the share of each step, over all ends, and then every call', () => {
    const { breaker, clock, ask } = driveRamp()
    expect(ask(40)).to.deep.equal([1, 11, 21, 31])
    clock.pass(999.9)
    expect(ask(10)).to.deep.equal([1])
    clock.pass(0.1)
    expect(ask(40))
      .to.deep.equal(admittedBy(1, 4, 40))
      .and.to.have.length(10)
    clock.pass(1000)
    expect(ask(41))
      .to.deep.equal(admittedBy(1, 2, 41))
      .and.to.have.length(21)
    clock.pass(999.9)
    expect(ask(2)).to.have.length(1)
    clock.pass(0.1)
    expect(ask(50)).to.have.length(50)
    expect(breaker.snapshot()).to.include({ state: 'closed', epoch: 3 })
  })

  it('counts each refusal', () => {
    const { breaker, ask } = driveRamp()
    const before = breaker.snapshot().total
    ask(40)
    expect(breaker.snapshot().total).to.deep.equal({
      ...before,
      success: before.success + 4,
      refused: before.refused + 36,
    })
  })

  for (const [part, whole] of [
    [1, 3],
    [3, 10],
    [9, 10],
    [1, 1],
  ] as const) {
    it(`admits ${part} of ${whole} evenly`, () => {
      // A share has nine decimals; rounded up, the last of them would admit a call too early.
      const share = Math.floor((part / whole) * 1e9) / 1e9
      const { ask } = driveRamp({ rampUp: { shares: [share], stepDurationMs: 1000 } })
      expect(ask(200)).to.deep.equal(admittedBy(part, whole, 200))
    })
  }

  it('refuses with its own reason, until the next step', () => {
    const { breaker, ends, clock, ask } = driveRamp()
    ask(1)
    clock.pass(300)
    for (const end of ends) {
      expect(end.tryAcquirePermission()).to.equal(0)
      expect(end.refusal()).to.include({ state: 'closed', reason: 'ramp-up', retryAfterMs: 700 })
      expect(end.refusal()).to.include({ code: 'ERR_CALL_NOT_PERMITTED' })
    }
    clock.pass(2500)
    ask(1)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    expect(breaker.refusal()).to.include({ reason: 'ramp-up', retryAfterMs: 200 })
  })

  it('is over at the end that an end attached late sees, too', () => {
    const { another, clock, ask } = driveRamp()
    ask(1)
    const late = another()
    expect(late.tryAcquirePermission()).to.equal(0)
    clock.pass(3000)
    expect([1, 2, 3].map(() => late.tryAcquirePermission() !== 0)).to.deep.equal([true, true, true])
    expect([1, 2, 3].map(() => another().tryAcquirePermission() !== 0)).to.deep.equal([true, true, true])
  })

  it('goes back to the short way at its end: a permission is the life itself again', () => {
    const { breaker, ends, clock } = driveRamp()
    clock.pass(3000)
    for (const end of ends) {
      const permissions = [1, 2, 3].map(() => end.tryAcquirePermission())
      expect(new Set(permissions).size).to.equal(1)
      for (const permission of permissions) expect(end.onSuccess(permission)).to.equal(true)
    }
    // Were it still asked whether it ramps up, the clock that goes back to the ramp would bring it back.
    clock.pass(-2000)
    for (const end of ends) expect([1, 2, 3, 4].filter(() => end.tryAcquirePermission() !== 0)).to.have.length(4)
    expect(breaker.snapshot().total.refused).to.equal(0)
  })

  it('judges over as few calls as half-open had: failures open it again, for one attempt more', () => {
    const waitDurationInOpenStateMs = { initialMs: 1000, multiplier: 3, randomizationFactor: 0 }
    const { breaker, clock, fail } = driveRamp({ waitDurationInOpenStateMs })
    fail(11)
    expect(breaker.snapshot()).to.include({ state: 'open', reason: 'failure-rate', attempt: 2, epoch: 4 })
    expect(breaker.snapshot().total.error).to.equal(2)
    expect(breaker.snapshot().retryAtMs).to.equal(clock.nowMs() + 3000)
  })

  it('is not opened by fewer than half-open had', () => {
    const { breaker, fail } = driveRamp()
    fail(10)
    expect(breaker.snapshot()).to.include({ state: 'closed', calls: 1, failures: 1, attempt: 1 })
  })

  for (const slidingWindow of [
    { type: 'count', size: 50 },
    { type: 'consecutive', size: 20 },
  ] as const) {
    it(`judges early in a ${slidingWindow.type} window too, and after its end as ever`, () => {
      const first = driveRamp({ slidingWindow })
      first.fail(11)
      expect(first.breaker.snapshot()).to.include({ state: 'open', attempt: 2, failures: 0 })
      expect(first.breaker.snapshot().total.error).to.equal(2)
      const second = driveRamp({ slidingWindow })
      second.clock.pass(3000)
      second.fail(19)
      expect(second.breaker.snapshot()).to.include({ state: 'closed', failures: 19 })
      second.fail(1)
      expect(second.breaker.snapshot()).to.include({ state: 'open', attempt: 1 })
    })
  }

  it('asks for the whole minimum again after its end, and counts attempts anew', () => {
    const { breaker, clock, ends, fail } = driveRamp()
    fail(1)
    clock.pass(3000)
    fail(9)
    fail(9, ends[1])
    expect(breaker.snapshot()).to.include({ state: 'closed', calls: 19, failures: 19 })
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'open', attempt: 1 })
  })

  it('begins anew after the next recovery, with the first step', () => {
    const { breaker, clock, ask, fail, succeed } = driveRamp()
    ask(10)
    clock.pass(1500)
    fail(5)
    expect(breaker.state).to.equal('open')
    clock.pass(1000)
    succeed(2)
    expect(ask(40)).to.deep.equal([1, 11, 21, 31])
  })

  it('follows probes only: not a reset, not a transition by hand, not the beginning', () => {
    const { breaker, ask } = driveRamp()
    breaker.reset()
    expect(ask(20)).to.have.length(20)
    breaker.disable()
    breaker.transitionToClosed()
    expect(ask(20)).to.have.length(20)
    const { succeed, breaker: fresh } = drive(ramping)
    succeed(20)
    expect(fresh.snapshot().total).to.include({ success: 20, refused: 0 })
  })

  it('spends nothing of its share on a call without a seat', () => {
    const { breaker, ends } = driveRamp({ maxConcurrentCalls: 1, rampUp: { shares: [0.5], stepDurationMs: 1000 } })
    const running = breaker.tryAcquirePermission()
    expect(running).not.to.equal(0)
    for (const end of ends) {
      expect(end.tryAcquirePermission()).to.equal(0)
      expect(end.refusal()).to.include({ reason: 'limit', retryAfterMs: 0 })
    }
    breaker.onSuccess(running)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    expect(breaker.refusal()).to.include({ reason: 'ramp-up' })
    expect(breaker.snapshot().seatsTaken).to.equal(0)
    expect(breaker.tryAcquirePermission()).not.to.equal(0)
  })

  it('admits exactly its share where no fraction of two is it', () => {
    const { ask } = driveRamp({ rampUp: { shares: [0.07], stepDurationMs: 1000 } })
    expect(ask(101)).to.deep.equal([1, 15, 29, 43, 58, 72, 86, 101])
  })

  it('admits exactly two of three', () => {
    const { ask } = driveRamp({ rampUp: { shares: [2 / 3], stepDurationMs: 1000 } })
    expect(ask(6)).to.have.lengthOf(4)
  })

  it('is over for reports, too, as soon as its time is', () => {
    const { breaker, clock } = driveRamp({ rampUp: { shares: [1], stepDurationMs: 1000 } })
    const permissions = [breaker.tryAcquirePermission(), breaker.tryAcquirePermission()] as const
    breaker.onError(permissions[0])
    clock.pass(5000)
    breaker.onError(permissions[1])
    expect(breaker.snapshot()).to.include({ state: 'closed', calls: 2, failures: 2, attempt: 0 })
  })

  it('that is over leaves a recovered circuit, also if its next probes are asked for by hand', () => {
    const { breaker, clock, fail } = driveRamp({ rampUp: { shares: [1], stepDurationMs: 1000 } })
    clock.pass(1000)
    breaker.transitionToHalfOpen()
    fail(1)
    expect(breaker.snapshot()).to.include({ state: 'open', attempt: 1 })
  })
})
