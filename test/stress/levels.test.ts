import { expect } from 'chai'
import type { Stage } from '../../src/plan.js'
import { stressEngine } from '../../src/stress/coordinator.js'
import { clientsOf } from '../../src/stress/load/worker-run.js'
import { smallPlan } from './fixtures/plans.js'

function level(inFlight: number, requests: number): Stage {
  const load = { model: 'closed', inFlight } as const
  return { name: `${inFlight} in flight`, role: 'steady', load, requests, durationMs: 20_000 }
}

describe('stress: stages with a load of their own', () => {
  it('parts the clients of a level among the workers, to the last', () => {
    for (const [level, slots] of [
      [1, 2],
      [7, 3],
      [200, 8],
    ] as const) {
      const parts = Array.from({ length: slots }, (_, slot) => clientsOf(level, slot, slots))
      expect(parts.reduce((sum, part) => sum + part, 0)).to.equal(level)
      expect(Math.max(...parts) - Math.min(...parts)).to.be.at.most(1)
    }
  })

  for (const operation of ['async', 'blocking'] as const) {
    it(`have so many in flight and no more (${operation})`, async () => {
      const stages = [level(1, 20), level(4, 80), level(2, 40)]
      const run = await stressEngine.run(smallPlan({ operation, workers: 4, stages }))
      const steady = run.stages.slice(0, 3)
      expect(steady.map(({ started }) => started)).to.deep.equal([20, 80, 40])
      // Were all four clients at work at level 1, this would be near 4.
      for (const { efficiency } of steady) expect(efficiency).to.be.within(0.01, 1.2)
      expect(run.notes).to.deep.equal([])
    })
  }

  it('change the rate of an open load while its calls go on', async () => {
    const rate = (ratePerSecond: number, name: string): Stage => {
      return { name, role: 'steady', load: { model: 'open', ratePerSecond }, durationMs: 300 }
    }
    const plan = smallPlan({
      load: { model: 'open', ratePerSecond: 100 },
      stages: [rate(100, 'slow'), rate(1000, 'fast')],
    })
    const run = await stressEngine.run(plan)
    const [slow, fast] = run.stages
    // Arrivals that were due before the second stage began may start in it, where the threads were late.
    expect((slow?.started ?? 0) + (fast?.started ?? 0)).to.be.within(30 + 250, 30 + 330)
    expect(slow?.started).to.be.at.most(31)
  })

  it('are told apart in what each thread’s event loop did', async () => {
    const run = await stressEngine.run(smallPlan({ stages: [level(1, 30), level(4, 90)] }))
    expect(run.threads.map(({ thread }) => thread)).to.deep.equal(['coordinator', 'worker-0', 'worker-1'])
    for (const { stages } of run.threads) {
      for (const { utilization } of stages) expect(utilization).to.be.within(0, 1)
    }
    expect(run.threads[0]?.stages.map(({ stage }) => stage)).to.include.members([0, 1])
  })
})
