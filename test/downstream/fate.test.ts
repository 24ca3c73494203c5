import { expect } from 'chai'
import { drawLatency, type FateKind, Fates } from '../../src/downstream/fate.js'
import type { Latency, Plan } from '../../src/plan.js'
import { seededRandom } from '../../src/world/seeded-random.js'
import { examplePlan } from './example-plan.js'

const DRAWS = 20_000

describe('drawLatency', () => {
  it('keeps a constant', () => {
    expect(drawLatency({ type: 'constant', ms: 3 }, seededRandom(1))).to.equal(3)
  })

  it('spreads a uniform latency evenly between its bounds', () => {
    const drawn = draws({ type: 'uniform', minMs: 1, maxMs: 10 })
    expect(Math.min(...drawn)).to.be.within(1, 1.01)
    expect(Math.max(...drawn)).to.be.within(9.99, 10)
    expect(mean(drawn)).to.be.closeTo(5.5, 0.1)
  })

  it('gives an exponential latency its mean, and cuts it at its longest', () => {
    expect(mean(draws({ type: 'exponential', meanMs: 5, maxMs: 1000 }))).to.be.closeTo(5, 0.15)
    const cut = draws({ type: 'exponential', meanMs: 5, maxMs: 8 })
    expect(Math.min(...cut)).to.be.at.least(0)
    expect(Math.max(...cut)).to.equal(8)
  })
})

describe('Fates', () => {
  it('repeat with the same seed, and differ with another', () => {
    const plan = examplePlan({ behaviour: { errorRate: 0.3, hangRate: 0.1, latency: latency(1, 10) } })
    expect(sequence(plan, 5)).to.deep.equal(sequence(plan, 5))
    expect(sequence(plan, 5)).not.to.deep.equal(sequence(plan, 6))
  })

  it('fall in the shares that the behaviour gives', () => {
    const plan = examplePlan({ behaviour: { errorRate: 0.3, hangRate: 0.2, resetRate: 0.1 } })
    const kinds = Array.from(sequence(plan, 1, DRAWS), ({ kind }) => kind)
    const share = (kind: FateKind) => kinds.filter((each) => each === kind).length / DRAWS
    expect(share('error')).to.be.closeTo(0.3, 0.015)
    expect(share('hang')).to.be.closeTo(0.2, 0.015)
    expect(share('reset')).to.be.closeTo(0.1, 0.015)
    expect(share('answer')).to.be.closeTo(0.4, 0.015)
  })

  it('put reset before hang and hang before error, where the rates add up to more than all', () => {
    const both = examplePlan({ behaviour: { errorRate: 1, hangRate: 1 } })
    expect(sequence(both, 1).every(({ kind }) => kind === 'hang')).to.equal(true)
    const all = examplePlan({ behaviour: { errorRate: 1, hangRate: 1, resetRate: 1 } })
    expect(sequence(all, 1).every(({ kind }) => kind === 'reset')).to.equal(true)
  })

  it('follow the stage', () => {
    const fates = new Fates(examplePlan({}), { stage: () => 0, measuredMs: () => 0 }, seededRandom(1))
    const kinds = [0, 1, 2, 1, 0].map((stage) => {
      fates.draw(stage)
      return fates.kind
    })
    expect(kinds).to.deep.equal(['answer', 'error', 'answer', 'error', 'answer'])
  })

  it('follow the fault script as time goes on', () => {
    let measuredMs = -1
    const plan = examplePlan({
      downstream: {
        faults: [
          { fromMs: 10, forMs: 20, override: { errorRate: 1 } },
          { fromMs: 20, forMs: 20, override: { resetRate: 1 } },
        ],
      },
    })
    const fates = new Fates(plan, { stage: () => 0, measuredMs: () => measuredMs }, seededRandom(1))
    const kinds = [-1, 0, 9.9, 10, 19.9, 20, 30, 39.9, 40, 1000].map((nowMs) => {
      measuredMs = nowMs
      fates.draw(0)
      return fates.kind
    })
    const expected = 'answer answer answer error error reset reset reset answer answer'
    expect(kinds.join(' ')).to.equal(expected)
  })

  it('never ask the time where there is no fault script', () => {
    const situation = { stage: () => 0, measuredMs: () => expect.fail('the time was asked') }
    new Fates(examplePlan({}), situation, seededRandom(1)).draw(0)
  })
})

function draws(distribution: Latency): number[] {
  const random = seededRandom(3)
  return Array.from({ length: DRAWS }, () => drawLatency(distribution, random))
}

function sequence(plan: Plan, seed: number, length = 100): { kind: FateKind; latencyMs: number }[] {
  const fates = new Fates(plan, { stage: () => 0, measuredMs: () => 0 }, seededRandom(seed))
  return Array.from({ length }, () => {
    fates.draw(0)
    return { kind: fates.kind, latencyMs: fates.latencyMs }
  })
}

function latency(minMs: number, maxMs: number): Latency {
  return { type: 'uniform', minMs, maxMs }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
