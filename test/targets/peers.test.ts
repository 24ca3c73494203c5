import { expect } from 'chai'
import { type AttachedTarget, Outcome } from '../../src/target.js'
import cockatiel from '../../src/targets/cockatiel.js'
import none from '../../src/targets/none.js'
import opossum, { opossumOptions } from '../../src/targets/opossum.js'
import { monotonicClock } from '../../src/world/clock.js'
import { attach, callTimes, exampleBreaker, fails, succeeds, untilLetThrough } from './example-breaker.js'

const { success, error, refused } = Outcome

for (const target of [opossum, cockatiel]) {
  describe(`target ${target.name}`, () => {
    let attached: AttachedTarget

    afterEach(() => attached.detach())

    it('answers with how the body ended, never with the body’s error', async () => {
      attached = attach(target)
      expect(await attached.call(succeeds)).to.equal(success)
      expect(await attached.call(fails)).to.equal(error)
    })

    it('opens by the minimum of calls and not before, at the threshold itself, and then refuses', async () => {
      attached = attach(target)
      const outcomes = [...(await callTimes(attached, 2, succeeds)), ...(await callTimes(attached, 1, fails))]
      expect(attached.state()).to.equal('closed')
      outcomes.push(...(await callTimes(attached, 1, fails)))
      expect(attached.state()).to.equal('open')
      outcomes.push(await attached.call(() => expect.fail('a refused call ran')))
      expect(outcomes).to.deep.equal([success, success, error, error, refused])
    })

    it('stays closed below the threshold', async () => {
      attached = attach(target)
      await callTimes(attached, 6, succeeds)
      await callTimes(attached, 5, fails)
      expect(attached.state()).to.equal('closed')
    })

    it('opens at a threshold of all, which no failure rate exceeds', async () => {
      attached = attach(target, { ...exampleBreaker, failureRateThreshold: 1 })
      await callTimes(attached, 4, fails)
      expect(attached.state()).to.equal('open')
    })

    it('closes again by a probe that succeeds', async () => {
      attached = attach(target)
      await callTimes(attached, 4, fails)
      expect(await untilLetThrough(attached, succeeds)).to.equal(success)
      expect(attached.state()).to.equal('closed')
      expect(movesOf(attached)).to.deep.equal(['closed → open', 'open → half-open', 'half-open → closed'])
    })

    it('opens again by a probe that fails', async () => {
      attached = attach(target)
      await callTimes(attached, 4, fails)
      expect(await untilLetThrough(attached, fails)).to.equal(error)
      expect(attached.state()).to.equal('open')
      expect(movesOf(attached)).to.deep.equal(['closed → open', 'open → half-open', 'half-open → open'])
    })

    it('lets one probe through while half-open', async () => {
      attached = attach(target)
      await callTimes(attached, 4, fails)
      let ran = 0
      const body = async () => {
        ran += 1
        await new Promise((resolve) => setTimeout(resolve, 10))
        throw new Error('the probe failed')
      }
      while (ran === 0) {
        const outcomes = await Promise.all(Array.from({ length: 5 }, () => attached.call(body)))
        if (ran > 0) expect(outcomes.filter((outcome) => outcome === refused)).to.have.length(4)
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      expect(ran).to.equal(1)
    })

    it('numbers its transitions, and dates them by the process’s clock', async () => {
      attached = attach(target)
      const beforeMs = monotonicClock.nowMs()
      await callTimes(attached, 4, fails)
      await untilLetThrough(attached, succeeds)
      const { transitions, lost, state } = attached.observe()
      expect(transitions.map(({ epoch }) => epoch)).to.deep.equal([1, 2, 3])
      expect(lost).to.equal(0)
      expect(state).to.equal('closed')
      let previousMs = beforeMs
      for (const { atMs } of transitions) {
        expect(atMs).to.be.within(previousMs, monotonicClock.nowMs())
        previousMs = atMs
      }
    })

    it('counts what it answered', async () => {
      attached = attach(target)
      const outcomes = [...(await callTimes(attached, 3, succeeds)), ...(await callTimes(attached, 6, fails))]
      const count = (outcome: Outcome) => outcomes.filter((each) => each === outcome).length
      expect(attached.observe().outcomes).to.deep.equal({
        success: 3,
        error: count(error),
        ignored: 0,
        refused: count(refused),
        stale: 0,
      })
      expect(count(refused)).to.be.above(0)
    })

    it('opens by consecutive failures as nearly as it can', async () => {
      attached = attach(target, { ...exampleBreaker, slidingWindow: { type: 'consecutive', size: 3 } })
      await callTimes(attached, 2, fails)
      expect(attached.state()).to.equal('closed')
      await callTimes(attached, 1, fails)
      expect(attached.state()).to.equal('open')
    })

    it('has no form for a body that blocks', () => {
      attached = attach(target)
      expect(attached.callBlocking).to.equal(undefined)
    })

    it('leaves no timer behind', async () => {
      const timers = watchTimers()
      try {
        attached = attach(target)
        await callTimes(attached, 4, fails)
        attached.detach()
        expect(timers.live).to.deep.equal(new Set())
      } finally {
        timers.restore()
      }
    })
  })
}

describe('target opossum', () => {
  it('tells its probes', async () => {
    const attached = attach(opossum)
    await callTimes(attached, 4, fails)
    await untilLetThrough(attached, succeeds)
    expect(attached.observe().probes).to.deep.equal([{ epoch: 2, admitted: 1, returned: 0, settled: 1 }])
    attached.detach()
  })

  it('rejects once it is shut down, for then the breaker is broken', async () => {
    const attached = attach(opossum)
    attached.detach()
    const reason = await attached.call(succeeds).catch((failure) => failure)
    expect(reason).to.have.property('code', 'ESHUTDOWN')
  })

  it('maps the plan’s settings onto its own', () => {
    expect(opossumOptions(exampleBreaker)).to.deep.include({
      timeout: false,
      volumeThreshold: 4,
      rollingCountTimeout: 10_000,
      rollingCountBuckets: 10,
      resetTimeout: 30,
    })
    expect(opossumOptions(exampleBreaker).errorThresholdPercentage).to.be.closeTo(50, 0.001)
  })
})

describe('target cockatiel', () => {
  for (const durationMs of [250, 333, 9999, 60_000]) {
    it(`asks for the same minimum of calls in a window of ${durationMs} ms`, async () => {
      const attached = attach(cockatiel, {
        ...exampleBreaker,
        minimumCalls: 50,
        slidingWindow: { type: 'time', durationMs, buckets: 10 },
      })
      await callTimes(attached, 49, fails)
      expect(attached.state()).to.equal('closed')
      await attached.call(fails)
      expect(attached.state()).to.equal('open')
    })
  }
})

describe('target none', () => {
  it('lets every call through and never opens', async () => {
    const attached = attach(none)
    expect(await callTimes(attached, 50, fails)).to.deep.equal(Array(50).fill(error))
    expect(await attached.call(succeeds)).to.equal(success)
    expect(attached.state()).to.equal('closed')
    expect(attached.observe().transitions).to.deep.equal([])
  })

  it('does the same for a body that blocks', () => {
    const attached = attach(none)
    expect(attached.callBlocking?.(() => {})).to.equal(success)
    expect(
      attached.callBlocking?.(() => {
        throw new Error('the body failed')
      }),
    ).to.equal(error)
  })
})

function movesOf(attached: AttachedTarget): string[] {
  return attached.observe().transitions.map(({ from, to }) => `${from} → ${to}`)
}

/** Timers that were set and neither cleared nor fired since: a peer's are unreferenced, so the process doesn't list them. */
function watchTimers(): { live: Set<unknown>; restore(): void } {
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis
  const live = new Set<unknown>()
  const watched = {
    setTimeout(callback: () => void, delayMs: number) {
      const timer = setTimeout(() => {
        live.delete(timer)
        callback()
      }, delayMs)
      live.add(timer)
      return timer
    },
    setInterval(callback: () => void, delayMs: number) {
      const timer = setInterval(callback, delayMs)
      live.add(timer)
      return timer
    },
    clearTimeout(timer: NodeJS.Timeout) {
      live.delete(timer)
      clearTimeout(timer)
    },
    clearInterval(timer: NodeJS.Timeout) {
      live.delete(timer)
      clearInterval(timer)
    },
  }
  Object.assign(globalThis, watched)
  return { live, restore: () => Object.assign(globalThis, { setTimeout, setInterval, clearTimeout, clearInterval }) }
}
