import { expect } from 'chai'
import { REFUSED } from '../../src/breaker/admission/admission.js'
import type { SlidingWindow } from '../../src/index.js'
import { drive, small } from '../breaker/driver.js'
import { SteppedCells } from '../breaker/registry/stepped-cells.js'
import { Arena, forSeeds } from './race.js'

type End = ReturnType<Arena['end']>

function fail(circuit: End): void {
  const permission = circuit.tryAcquire()
  if (permission !== REFUSED) circuit.fail(permission)
}

describe('field reports: windows', () => {
  const smallest: SlidingWindow[] = [
    { type: 'count', size: 1 },
    { type: 'count', size: 2 },
    { type: 'consecutive', size: 1 },
    { type: 'consecutive', size: 2 },
    { type: 'time', durationMs: 1, buckets: 1 },
    { type: 'time', durationMs: 2, buckets: 2 },
  ]
  for (const slidingWindow of smallest) {
    it(`field-report-07 a window as small as ${JSON.stringify(slidingWindow)} works`, () => {
      const size = slidingWindow.type === 'time' ? 2 : slidingWindow.size
      const { breaker, succeed, fail } = drive({ slidingWindow, minimumCalls: size, failureRateThreshold: 1 })
      succeed(5)
      fail(size - 1)
      expect(breaker.state).to.equal('closed')
      breaker.reset()
      fail(size)
      expect(breaker.state).to.equal('open')
    })
  }

  it('field-report-08 the sums of a count window are those of its last calls, and never below nothing', () => {
    forSeeds(20, (seed) => {
      const slidingWindow = { type: 'count', size: 1 + seed } as const
      const { breaker, another, succeed, fail } = drive({
        slidingWindow,
        failureRateThreshold: 1,
        minimumCalls: 1 + seed,
      })
      breaker.metricsOnly()
      const ends = [breaker, another()]
      const all: boolean[] = []
      for (let call = 0; call < 200; call++) {
        const failed = (call * call + seed) % 7 < 3
        all.push(failed)
        if (failed) fail(1, ends[call % 2])
        else succeed(1, ends[call % 2])
        const last = all.slice(-slidingWindow.size)
        expect(breaker.snapshot()).to.include({ calls: last.length, failures: last.filter(Boolean).length })
      }
    })
  })

  it('field-report-24 four failures, five idle minutes and one failure are one failure', () => {
    const { breaker, clock, fail } = drive({ ...small, minimumCalls: 5 })
    fail(4)
    clock.pass(300_000)
    fail()
    expect(breaker.snapshot()).to.include({ state: 'closed', calls: 1, failures: 1 })
  })

  it('field-report-25 while a bucket of time begins, no result is lost and none of the old ones comes back', () => {
    forSeeds(300, (seed) => {
      const arena = new Arena(
        { ...small, minimumCalls: 100, slidingWindow: { type: 'time', durationMs: 100, buckets: 2 } },
        3,
      )
      for (const slot of [0, 1]) for (let call = 0; call < 5; call++) fail(arena.end(slot))
      arena.clock.pass(100)
      const seen: number[] = []
      const twice = (circuit: End) => {
        fail(circuit)
        fail(circuit)
      }
      const look = (circuit: End) => {
        const { life, configuration } = circuit.lifecycle
        seen.length = 0
        for (let times = 0; times < 5; times++) {
          seen.push(circuit.windowOf(life.life, configuration).measure(life.life).failures)
        }
      }
      arena.race([twice, twice, look], seed)
      for (const [index, failures] of seen.entries()) {
        expect(failures, `seed ${seed}`).to.be.within(index > 0 ? (seen[index - 1] ?? 0) : 0, 4)
      }
      const { lifecycle } = arena.end(2)
      const { calls, failures } = arena
        .end(2)
        .windowOf(lifecycle.life.life, lifecycle.configuration)
        .measure(lifecycle.life.life)
      expect({ calls, failures }, `seed ${seed}`).to.deep.equal({ calls: 4, failures: 4 })
    })
  })

  it('field-report-33 a threshold of 100 % is reached by failures alone', () => {
    const { breaker, fail } = drive({ ...small, failureRateThreshold: 1 })
    fail(3)
    expect(breaker.state).to.equal('closed')
    fail()
    expect(breaker.state).to.equal('open')
  })

  it('field-report-35 a failure among 100,000 calls makes as many operations on memory as one among 100', () => {
    const operations = [100, 100_000].map((calls) => {
      const arena = new Arena({ slidingWindow: { type: 'time', durationMs: 10_000, buckets: 10 } }, 1)
      const cells = new SteppedCells(arena.buffer)
      const circuit = arena.end(0, cells)
      for (let call = 0; call < calls; call++) circuit.succeed(circuit.tryAcquire())
      fail(circuit)
      const before = cells.steps
      fail(circuit)
      return cells.steps - before
    })
    expect(operations[0]).to.equal(operations[1])
    expect(operations[0]).to.be.within(1, 100)
  })
})
