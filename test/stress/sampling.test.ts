import { expect } from 'chai'
import type { Member } from '../../src/stress/crew.js'
import { addCounts } from '../../src/stress/journal.js'
import { Sampler } from '../../src/stress/sampling.js'

describe('what memory grew by', () => {
  /** One thread besides the coordinator, whose heap holds 10 MB; a sample of resident memory and that thread's heap each second. */
  function evidenceOf(baseline: [number, number], ...samples: [residentMb: number, heapMb: number][]) {
    let [resident, heapMb] = baseline
    const journal = {
      counts: () => addCounts([]),
      get heapMb() {
        return heapMb
      },
    }
    const members = [{ end: undefined, journal }] as unknown as Member[]
    const sampler = new Sampler(
      undefined,
      () => resident,
      () => 10,
    )
    sampler.markBaseline(0, members)
    for (const [index, sample] of samples.entries()) {
      ;[resident, heapMb] = sample
      sampler.look((index + 1) * 1000, members)
    }
    const { baselineMb, growthMb, threadsGrowthMb } = sampler.memoryEvidence()
    return { baselineMb, growthMb, threadsGrowthMb }
  }

  it('is told apart into what the heaps hold, and the rest', () => {
    expect(evidenceOf([100, 20], [130, 40])).to.deep.equal({ baselineMb: 100, growthMb: 30, threadsGrowthMb: 20 })
  })

  it('is the heaps’ as well where they have given pages up, which stay with the process', () => {
    expect(evidenceOf([100, 20], [125, 45], [130, 5])).to.deep.equal({
      baselineMb: 100,
      growthMb: 30,
      threadsGrowthMb: 25,
    })
  })

  it('is not the heaps’ by what they held only after the peak, nor ever more than there is', () => {
    expect(evidenceOf([100, 20], [130, 20], [120, 60]).threadsGrowthMb).to.equal(0)
    expect(evidenceOf([100, 20], [101, 60])).to.deep.include({ growthMb: 1, threadsGrowthMb: 1 })
    expect(evidenceOf([100, 20], [90, 10])).to.deep.include({ growthMb: 0, threadsGrowthMb: 0 })
  })
})

describe('samples of throughput', () => {
  it('have the calls since the gate opened, refusals apart, and their rate over the last five seconds', () => {
    let success = 0
    const none = addCounts([])
    const journal = {
      counts: () => ({ ...none, outcomes: { ...none.outcomes, success, error: 100, refused: 2 * success } }),
      heapMb: 1,
    }
    const members = [{ end: undefined, journal }] as unknown as Member[]
    const sampler = new Sampler()
    for (let second = 1; second <= 10; second += 1) {
      success += second * 100
      sampler.look(second * 1000, members)
    }
    expect(sampler.throughput[0]).to.include({ atMs: 1000, completed: 200, refused: 200 })
    expect(sampler.throughput.at(-1)).to.deep.equal({
      atMs: 10_000,
      completed: 5600,
      refused: 11_000,
      perSecond: 800,
      refusedPerSecond: 1600,
    })
  })
})
