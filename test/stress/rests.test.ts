import { expect } from 'chai'
import type { Plan } from '../../src/plan.js'
import { stressEngine } from '../../src/stress/coordinator.js'
import { smallPlan } from './fixtures/plans.js'

const stages: Plan['stages'] = [
  { name: 'warm-up', role: 'warm-up', requests: 40, durationMs: 5000 },
  { name: 'before', role: 'rest', durationMs: 20_000 },
  { name: 'steady', role: 'steady', requests: 100, durationMs: 5000 },
  { name: 'after', role: 'rest', durationMs: 20_000 },
]

describe('stress: a stage in which workers rest', () => {
  for (const operation of ['async', 'blocking'] as const) {
    for (const model of ['closed', 'open'] as const) {
      it(`starts no call, and the load goes on after it: ${operation}, ${model}`, async () => {
        const load = model === 'closed' ? ({ model, inFlight: 10 } as const) : ({ model, ratePerSecond: 2000 } as const)
        const evidence = await stressEngine.run(smallPlan({ operation, load, stages }))
        expect(evidence.stages.map(({ started }) => started)).to.deep.equal([40, 0, 100, 0, 0])
        expect(evidence.notes.filter((note) => note.includes('in flight when'))).to.deep.equal([])
      })
    }
  }

  it('is left out, and said to be, if calls hang for longer than it may last', async () => {
    const plan = smallPlan({
      timeoutMs: 300,
      stages: [
        { name: 'hanging', role: 'steady', requests: 10, durationMs: 5000, override: { hangRate: 1 } },
        { name: 'short', role: 'rest', durationMs: 20 },
      ],
    })
    const { notes } = await stressEngine.run(plan)
    expect(notes).to.include('calls were still in flight when short was over, so nothing was done in it')
  })

  it('is none for kills: they are done in the stages that are measured', async () => {
    const plan = smallPlan({ kills: 3, stages: stages.map((stage) => ({ ...stage })) })
    const { workers, stages: ran } = await stressEngine.run(plan)
    expect(workers.filter(({ end }) => end === 'killed')).to.have.length(3)
    expect(ran[3]?.started).to.equal(0)
  }).timeout(60_000)
})
