import { expect } from 'chai'
import { SimulatedDownstream } from '../../src/downstream/simulated.js'
import type { Downstream, DownstreamFailure } from '../../src/downstream.js'
import { DownstreamError } from '../../src/downstream.js'
import type { Behaviour, Plan } from '../../src/plan.js'
import { examplePlan } from './example-plan.js'

const TIMEOUT_MS = 5
const LATENCY_MS = 2
const fates: [string, Partial<Behaviour>, DownstreamFailure | 'answer', number][] = [
  ['answers after its latency', {}, 'answer', LATENCY_MS],
  ['fails after its latency', { errorRate: 1 }, 'error', LATENCY_MS],
  ['resets at once', { resetRate: 1 }, 'reset', 0],
  ['ends a hang by the timeout', { hangRate: 1 }, 'timeout', TIMEOUT_MS],
  ['ends what takes too long by the timeout', { latency: { type: 'constant', ms: 60_000 } }, 'timeout', TIMEOUT_MS],
]

describe('SimulatedDownstream', () => {
  for (const [claim, behaviour, ending, intendedMs] of fates) {
    const plan = examplePlan({
      behaviour: { latency: { type: 'constant', ms: LATENCY_MS }, ...behaviour },
      timeoutMs: TIMEOUT_MS,
    })

    it(`${claim}, when awaited`, async () => {
      const downstream = open(plan)
      const request = { intendedMs: -1 }
      expect(await endingOf(downstream.call(request))).to.equal(ending)
      expect(request.intendedMs).to.equal(intendedMs)
    })

    it(`${claim}, when blocking`, () => {
      const downstream = open(plan)
      const request = { intendedMs: -1 }
      let met = 'answer'
      try {
        downstream.callBlocking(request)
      } catch (error) {
        met = failureOf(error)
      }
      expect(met).to.equal(ending)
      expect(request.intendedMs).to.equal(intendedMs)
    })
  }

  it('gives the same calls the same fates with the same seed', async () => {
    const plan = examplePlan({
      behaviour: { errorRate: 0.5, latency: { type: 'uniform', minMs: 0, maxMs: 1 } },
    })
    const run = async () => {
      const downstream = open(plan)
      const met: string[] = []
      for (let call = 0; call < 20; call++) {
        const request = { intendedMs: 0 }
        met.push(`${await endingOf(downstream.call(request))} ${request.intendedMs}`)
      }
      return met
    }
    expect(await run()).to.deep.equal(await run())
  })

  it('keeps many calls apart', async () => {
    const plan = examplePlan({ behaviour: { latency: { type: 'uniform', minMs: 0, maxMs: 4 }, errorRate: 0.5 } })
    const downstream = open(plan)
    const ended = await Promise.all(Array.from({ length: 300 }, () => endingOf(downstream.call({ intendedMs: 0 }))))
    expect(ended.filter((ending) => ending === 'answer').length).to.be.within(100, 200)
    expect(ended.every((ending) => ending === 'answer' || ending === 'error')).to.equal(true)
  })

  it('tells of each call that it receives, and in which stage', async () => {
    const received: number[] = []
    let stage = 0
    const downstream = new SimulatedDownstream(examplePlan({}), {
      situation: { stage: () => stage, measuredMs: () => 0 },
      seed: 1,
      onReceived: (at) => received.push(at),
    })
    await downstream.call({ intendedMs: 0 })
    stage = 1
    await endingOf(downstream.call({ intendedMs: 0 }))
    expect(received).to.deep.equal([0, 1])
  })

  it('resets what is in flight when it closes', async () => {
    const downstream = open(examplePlan({ behaviour: { hangRate: 1 }, timeoutMs: 60_000 }))
    const calls = [endingOf(downstream.call({ intendedMs: 0 })), endingOf(downstream.call({ intendedMs: 0 }))]
    await downstream.close()
    expect(await Promise.all(calls)).to.deep.equal(['reset', 'reset'])
  })
})

function open(plan: Plan): Downstream {
  return new SimulatedDownstream(plan, { situation: { stage: () => 0, measuredMs: () => 0 }, seed: 9 })
}

function endingOf(call: Promise<void>): Promise<string> {
  return call.then(() => 'answer', failureOf)
}

function failureOf(error: unknown): DownstreamFailure {
  expect(error).to.be.instanceOf(DownstreamError)
  return (error as DownstreamError).failure
}
