import { expect } from 'chai'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import type { Plan } from '../../src/plan.js'
import { stressEngine } from '../../src/stress/coordinator.js'
import type { Crew } from '../../src/stress/crew.js'
import { Gate } from '../../src/stress/gate.js'
import { type Rest, Rests, type Visit } from '../../src/stress/rests.js'
import { FakeClock } from '../fake-clock.js'
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

  it('leaves nothing to make up for: what an open load would have started in it is not due', async () => {
    const longMs = 400
    const override = { latency: { type: 'constant', ms: longMs } } as const
    const plan = smallPlan({
      load: { model: 'open', ratePerSecond: 2000 },
      stages: [
        // One worker has its only call in flight, while the other rests.
        { name: 'slow', role: 'warm-up', requests: 1, durationMs: 5000, override },
        { name: 'before', role: 'rest', durationMs: 20_000 },
        { name: 'steady', role: 'steady', requests: 100, durationMs: 5000 },
      ],
    })
    const { stages: ran } = await stressEngine.run(plan)
    // Some of its calls end in the drain.
    const after = ran.slice(2).map(({ latency }) => latency.p50Ms)
    expect(Math.max(...after)).to.be.below(longMs / 4)
  })

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

  it('comes after the kills, which hold the last stage with calls open', async () => {
    const { workers, stages: ran } = await stressEngine.run(smallPlan({ kills: 3, stages }))
    // A busy machine may be given up on before the third.
    expect(workers.filter(({ end }) => end === 'killed')).to.have.length.above(0)
    expect(ran.map(({ role, started }) => role !== 'rest' || started === 0)).to.not.include(false)
    expect(ran[2]?.started).to.be.above(100)
  }).timeout(60_000)
})

/** A gate that stands in its only stage but one, a rest, and a crew of one worker with a call in flight. */
function resting(visit: Visit) {
  const plan = smallPlan({ stages: stages.slice(0, 2) })
  const cells = AtomicCells.allocate(Gate.size(2))
  const clock = new FakeClock(1000)
  const gate = new Gate(cells, 0, 2, clock)
  gate.open()
  gate.advance(0)
  let restsIn = -1
  const journal = { restsIn: (stage: number) => stage === restsIn }
  const crew = { ready: () => [{ journal }] as unknown as ReturnType<Crew['ready']> }
  const rests = new Rests(plan, gate, crew, visit)
  const endCall = () => {
    restsIn = 1
  }
  return { gate, rests, endCall }
}

describe('stress: the visit in a rest', () => {
  it('waits until no call is in flight, is made once, and ends the stage', async () => {
    const visits: Rest[] = []
    const { gate, rests, endCall } = resting(async (rest) => void visits.push(rest))
    expect([rests.look(1001), visits.length]).to.deep.equal([true, 0])
    endCall()
    rests.look(1002)
    rests.look(1003)
    expect(visits).to.have.length(1)
    expect(visits[0]).to.include({ index: 0, count: 1 })
    await rests.settled()
    expect(gate.stage()).to.equal(2)
    expect(rests.look(1004)).to.equal(false)
  })

  it('is told when the time of the rest is over, and that it should not begin more', async () => {
    let signal = new AbortController().signal
    let finish = () => {}
    const { gate, rests, endCall } = resting((rest) => {
      signal = rest.signal
      return new Promise((resolve) => {
        finish = resolve
      })
    })
    endCall()
    rests.look(20_999)
    rests.look(20_999)
    expect(signal.aborted).to.equal(false)
    rests.look(21_000)
    expect([signal.aborted, gate.stage()]).to.deep.equal([true, 1])
    finish()
    await rests.settled()
    expect(gate.stage()).to.equal(2)
  })

  it('is told when the run is stopped', () => {
    let signal = new AbortController().signal
    const { gate, rests, endCall } = resting((rest) => {
      signal = rest.signal
      return new Promise(() => {})
    })
    endCall()
    rests.look(1001)
    gate.stop()
    rests.look(1002)
    expect(signal.aborted).to.equal(true)
  })

  it('that fails is said, and the run goes on', async () => {
    const { gate, rests, endCall } = resting(() => Promise.reject(new Error('no disk')))
    endCall()
    rests.look(1001)
    await rests.settled()
    expect(rests.notes).to.deep.equal(['before: no disk'])
    expect(gate.stage()).to.equal(2)
  })
})
