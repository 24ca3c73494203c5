import { expect } from 'chai'
import { configuredWaitMs } from '../../src/breaker/life/open-wait.js'
import { type BreakerOptions, type ExponentialWait, SharedCircuitBreaker } from '../../src/index.js'
import { FakeClock } from '../fake-clock.js'
import { small } from './driver.js'

/** A circuit whose waits are drawn by a chance that the test sets. */
function driveWait(waitDurationInOpenStateMs: number | ExponentialWait, draw = 0.5) {
  const clock = new FakeClock()
  const random = {
    drawn: draw,
    next() {
      return this.drawn
    },
  }
  const options: BreakerOptions = { name: 'waiting', ...small, waitDurationInOpenStateMs }
  const breaker = SharedCircuitBreaker.create(options, { clock, random })
  /** Opens the circuit, or fails its probe, and gives how long it then waits. */
  function failAndMeasure(end = breaker): number {
    for (let count = 0; breaker.state !== 'open'; count++) {
      expect(count).to.be.lessThan(4)
      end.onError(end.tryAcquirePermission())
    }
    return (breaker.snapshot().retryAtMs ?? Number.NaN) - clock.nowMs()
  }
  /** Lets the wait pass, rounded as it is kept, and takes the probe that follows. */
  function waitAndProbe(): number {
    clock.pass((breaker.snapshot().retryAtMs ?? Number.NaN) - clock.nowMs() + 0.01)
    const probe = breaker.tryAcquirePermission()
    expect(breaker.isProbe(probe)).to.equal(true)
    return probe
  }
  /** The waits of so many openings in a row. */
  function waits(count: number): number[] {
    return Array.from({ length: count }, () => {
      if (breaker.state === 'open') breaker.releasePermission(waitAndProbe())
      return Math.round(failAndMeasure() * 1000) / 1000
    })
  }
  return { breaker, clock, random, failAndMeasure, waitAndProbe, waits }
}

describe('the wait of an open circuit', () => {
  it('grows by the multiplier with each failure of the probes, up to the cap', () => {
    const { breaker, waits } = driveWait({ initialMs: 100, multiplier: 3, maxMs: 2000, randomizationFactor: 0 })
    expect(waits(5)).to.deep.equal([100, 300, 900, 2000, 2000])
    expect(breaker.snapshot()).to.include({ attempt: 5, epoch: 9 })
  })

  it('stays the same if it is a number, while the attempts count on', () => {
    const { breaker, waits } = driveWait(250)
    expect(waits(3)).to.deep.equal([250, 250, 250])
    expect(breaker.snapshot().attempt).to.equal(3)
  })

  it('refuses until exactly then', () => {
    const { breaker, clock, waits } = driveWait({ initialMs: 100, multiplier: 3, randomizationFactor: 0 })
    waits(2)
    clock.pass(299)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    expect(breaker.refusal()).to.include({ retryAfterMs: 1 })
    clock.pass(1)
    expect(breaker.isProbe(breaker.tryAcquirePermission())).to.equal(true)
  })

  it('begins anew after a recovery', () => {
    const { breaker, waits, waitAndProbe } = driveWait({ initialMs: 100, multiplier: 3, randomizationFactor: 0 })
    expect(waits(3)).to.deep.equal([100, 300, 900])
    breaker.onSuccess(waitAndProbe())
    breaker.onSuccess(breaker.tryAcquirePermission())
    expect(breaker.snapshot()).to.include({ state: 'closed', attempt: 0 })
    expect(waits(2)).to.deep.equal([100, 300])
  })

  it('begins anew after a reset', () => {
    const { breaker, waits } = driveWait({ initialMs: 100, multiplier: 3, randomizationFactor: 0 })
    waits(3)
    breaker.reset()
    expect(waits(2)).to.deep.equal([100, 300])
  })

  it('counts the attempts of all ends', () => {
    const { breaker, clock, failAndMeasure, waitAndProbe } = driveWait({ initialMs: 100, randomizationFactor: 0 })
    const other = SharedCircuitBreaker.attach(breaker.handle, {}, { clock })
    expect(failAndMeasure(other)).to.equal(100)
    breaker.releasePermission(waitAndProbe())
    expect(failAndMeasure()).to.be.closeTo(200, 0.001)
    breaker.releasePermission(waitAndProbe())
    expect(failAndMeasure(other)).to.be.closeTo(400, 0.001)
    expect(breaker.snapshot().attempt).to.equal(3)
  })

  it('is spread evenly by the randomization factor', () => {
    for (const [draw, firstMs, secondMs] of [
      [0, 75, 150],
      [0.25, 87.5, 175],
      [0.5, 100, 200],
      [0.75, 112.5, 225],
    ] as const) {
      const { waits } = driveWait({ initialMs: 100, randomizationFactor: 0.25 }, draw)
      expect(waits(2), `drawn ${draw}`).to.deep.equal([firstMs, secondMs])
    }
  })

  it('is drawn anew each time', () => {
    const { random, waits } = driveWait({ initialMs: 100, multiplier: 1, randomizationFactor: 1 }, 0)
    expect(waits(1)).to.deep.equal([0])
    random.drawn = 0.75
    expect(waits(1)).to.deep.equal([150])
  })

  it('is never above the cap, and below it when it is drawn so', () => {
    const wait = { initialMs: 100, multiplier: 10, maxMs: 120, randomizationFactor: 0.5 }
    expect(driveWait(wait, 0.99).waits(3)).to.deep.equal([120, 120, 120])
    expect(driveWait(wait, 0).waits(3)).to.deep.equal([50, 60, 60])
  })

  it('doubles by default, at most to an hour, within half of itself', () => {
    const steady = driveWait({ initialMs: 1_000_000 }, 0.5).waits(4)
    expect(steady).to.deep.equal([1_000_000, 2_000_000, 3_600_000, 3_600_000])
    expect(driveWait({ initialMs: 1000 }, 0).waits(2)).to.deep.equal([500, 1000])
  })
})

describe('a configured wait', () => {
  it('of nothing stays nothing, however often it is multiplied', () => {
    const wait = { initialMs: 0, multiplier: 1000, maxMs: 1000, randomizationFactor: 0 }
    expect(configuredWaitMs(wait, 200, { next: () => 0.5 })).to.equal(0)
  })
})
