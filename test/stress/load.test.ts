import { expect } from 'chai'
import type { Plan, Stage, StageLoad } from '../../src/plan.js'
import { Arrivals, type StageTimes } from '../../src/stress/load/arrivals.js'
import { plan, plannedStage } from '../evidence-builder.js'

const OPENED_MS = 5000

/** A run whose stages began at these times, on the process's clock; the last of them is the current one. */
function times(...starts: readonly number[]): StageTimes {
  return { stage: () => starts.length - 1, startMs: (stage) => starts[stage] }
}

function openPlan(
  ratePerSecond: number,
  ...loads: readonly (Extract<StageLoad, { model: 'open' }> | undefined)[]
): Plan {
  const stages = loads.map((load, index): Stage => {
    return { ...plannedStage(`stage ${index}`, 'steady'), durationMs: 1000, ...(load ? { load } : {}) }
  })
  return plan({ load: { model: 'open', ratePerSecond }, stages })
}

function taken(arrivals: Arrivals, count: number): number[] {
  return Array.from({ length: count }, () => {
    const dueMs = arrivals.nextMs()
    arrivals.take()
    return dueMs
  })
}

/** Of all four workers, in order. */
function dueOfAll(ofPlan: Plan, at: StageTimes, each: number): number[] {
  const due = [0, 1, 2, 3].flatMap((slot) => taken(new Arrivals(ofPlan, at, slot, 4, OPENED_MS), each))
  return due.sort((one, other) => one - other)
}

describe('stress: open load', () => {
  it('spreads arrivals over the workers so that together they keep the rate', () => {
    expect(dueOfAll(openPlan(100, undefined), times(OPENED_MS), 3)).to.deep.equal(
      Array.from({ length: 12 }, (_, arrival) => OPENED_MS + arrival * 10),
    )
  })

  it('lets the successor of a killed worker go on with the next arrival that is due', () => {
    const successor = new Arrivals(openPlan(100, undefined), times(OPENED_MS), 1, 4, 5095)
    expect(taken(successor, 2)).to.deep.equal([5130, 5170])
  })

  it('gives out the same arrival until it is taken', () => {
    const arrivals = new Arrivals(openPlan(100, undefined), times(OPENED_MS), 0, 1, OPENED_MS)
    expect([arrivals.nextMs(), arrivals.nextMs()]).to.deep.equal([OPENED_MS, OPENED_MS])
  })

  it('goes on without a break where the next stage has the same rate', () => {
    const arrivals = new Arrivals(openPlan(100, undefined, undefined), times(OPENED_MS, 5025), 0, 1, OPENED_MS)
    expect(taken(arrivals, 4)).to.deep.equal([5000, 5010, 5020, 5030])
  })

  it('takes up another rate when its stage begins, after what was still due before', () => {
    const faster = openPlan(100, undefined, { model: 'open', ratePerSecond: 1000 })
    expect(taken(new Arrivals(faster, times(OPENED_MS, 5025), 0, 1, OPENED_MS), 6)).to.deep.equal([
      5000, 5010, 5020, 5025, 5026, 5027,
    ])
  })

  it('asks a ramp for as many as its mean rate comes to, closer and closer', () => {
    const ramp = openPlan(100, { model: 'open', ratePerSecond: 100, toRatePerSecond: 300 })
    const due = dueOfAll(ramp, times(OPENED_MS), 75)
    // In the first second 200 arrive; from then on 300 a second.
    expect(due.filter((dueMs) => dueMs < 6000)).to.have.lengthOf(200)
    const steps = due.slice(1).map((dueMs, index) => dueMs - (due[index] as number))
    expect(steps[0]).to.be.within(9.8, 10)
    for (const [index, step] of steps.entries()) expect(step).to.be.at.most((steps[index - 1] ?? 10) + 1e-6)
    expect(steps.at(-1)).to.be.closeTo(1000 / 300, 1e-6)
  })

  it('asks a falling ramp for as many as well', () => {
    const ramp = openPlan(100, { model: 'open', ratePerSecond: 300, toRatePerSecond: 100 })
    expect(dueOfAll(ramp, times(OPENED_MS), 60).filter((dueMs) => dueMs < 6000)).to.have.lengthOf(200)
  })

  it('lets a successor begin in the stage that goes on', () => {
    const stages = openPlan(100, undefined, { model: 'open', ratePerSecond: 10, toRatePerSecond: 30 })
    const successor = new Arrivals(stages, times(OPENED_MS, 6000), 0, 1, 6500)
    // After half a second of the ramp 7.5 were due: the eighth is next.
    const dueMs = successor.nextMs()
    expect(dueMs).to.be.within(6500, 6560)
    expect(10 * ((dueMs - 6000) / 1000) + 10 * ((dueMs - 6000) / 1000) ** 2).to.be.closeTo(8, 1e-6)
  })
})
