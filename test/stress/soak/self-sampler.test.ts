import { expect } from 'chai'
import type { SoakSample } from '../../../src/evidence.js'
import { Pauses } from '../../../src/profiler/pauses.js'
import { SelfSampler, samplesMax } from '../../../src/stress/soak/self-sampler.js'
import { FakeClock } from '../../fake-clock.js'
import { Stages, soakedPlan } from '../../soak/soak-evidence.js'

const plan = soakedPlan()

/** A sampler for which each collection takes as long as it is told. */
function sampler(collectionMs: number) {
  const clock = new FakeClock()
  const pauses = new Pauses(clock)
  const samples: SoakSample[] = []
  const collect = () => pauses.measure(() => clock.pass(collectionMs)).pauseMs
  const own = new SelfSampler(plan, pauses, (sample) => samples.push(sample), collect)
  const lookUntil = (stage: number, untilMs: number) => {
    for (let atMs = 0; atMs <= untilMs; atMs += 10) own.look(atMs, stage, () => ({ calls: 7, inFlight: 2 }))
  }
  return { samples, lookUntil }
}

describe('stress: a thread’s look at its own heap', () => {
  it('comes one interval into a stage, then after each', () => {
    const { samples, lookUntil } = sampler(0)
    lookUntil(Stages.soak, 3500)
    expect(samples.map(({ atMs }) => atMs)).to.deep.equal([1000, 2000, 3000])
    expect(samples[0]).to.include({ stage: Stages.soak, calls: 7, inFlight: 2, pauseMs: 0 })
    expect(samples[0]?.usedBytes).to.be.above(1e6)
  })

  it('leaves a rest to the coordinator', () => {
    const { samples, lookUntil } = sampler(0)
    lookUntil(Stages.before, 5000)
    expect(samples).to.deep.equal([])
  })

  it('comes less often where a collection takes long, so that it takes a tenth of the time', () => {
    const { samples, lookUntil } = sampler(110)
    lookUntil(Stages.soak, 4000)
    expect(samples.map(({ atMs, pauseMs }) => [atMs, pauseMs])).to.deep.equal([
      [1110, 110],
      [2320, 110],
      [3530, 110],
    ])
  })

  it('takes up to a third of the time rather than too few samples for a trend', () => {
    const { samples, lookUntil } = sampler(1000)
    lookUntil(Stages.soak, 60_000)
    expect(samples.length).to.be.within(19, 20)
  })

  it('never takes more samples than there is room for', () => {
    const { samples, lookUntil } = sampler(0)
    for (const stage of [Stages.warmUp, Stages.bare, Stages.soak]) {
      lookUntil(stage, plan.stages[stage]?.durationMs ?? 0)
    }
    expect(samples.length).to.be.within(70, samplesMax(plan))
  })

  it('is not taken where the plan is no soak', () => {
    const { soak: _, ...rest } = plan
    expect(samplesMax(rest)).to.equal(0)
  })
})
