import { expect } from 'chai'
import checker from '../../src/checkers/pass-marks.js'
import type { Evidence } from '../../src/evidence.js'
import type { Marks, Plan } from '../../src/plan.js'
import { evidence, judgementOf, latency, plan, stage } from '../evidence-builder.js'

const withMarks = (marks: Marks, changes: Partial<Evidence> = {}, planned: Partial<Plan> = {}) =>
  judgementOf(checker, evidence({ plan: plan({ marks, ...planned }), ...changes }))

describe('checker pass-marks', () => {
  for (const [reached, missed, value] of [
    [{ throughputPerSecondMin: 1000 }, { throughputPerSecondMin: 1001 }, '1,000/s'],
    [{ latencyMsP95Max: 10 }, { latencyMsP95Max: 9.9 }, '10 ms'],
    [{ latencyMsP99Max: 15 }, { latencyMsP99Max: 14.9 }, '15 ms'],
    [{ memoryGrowthMbMax: 4 }, { memoryGrowthMbMax: 3.9 }, '4 MB'],
    [{ successRateMin: 0.95 }, { successRateMin: 0.96 }, '95 %'],
    [{ processedRateMin: 1 }, { processedRateMin: 1.01 }, '100 %'],
    [{ efficiencyMin: 0.95 }, { efficiencyMin: 0.96 }, '0.95'],
  ] as const) {
    it(`accepts ${JSON.stringify(reached)} and rejects ${JSON.stringify(missed)}, telling the value`, () => {
      expect(withMarks(reached)).to.deep.include({ result: 'valid' })
      const { result, summary } = withMarks(missed)
      expect(result).to.equal('invalid')
      expect(summary).to.include(value).and.to.include('missed')
    })
  }

  it("shows the threads' own share of the memory apart", () => {
    const { details } = withMarks({ memoryGrowthMbMax: 100 })
    expect(details).to.include("memory grew by 12 MB in all, of which the threads' own heaps 8 MB")
  })

  it('holds calls lost with killed workers against the processed rate', () => {
    const workers = evidence().workers.map((worker) => ({ ...worker, lost: worker.started / 10 }))
    expect(withMarks({ processedRateMin: 0.95 }, { workers }).result).to.equal('invalid')
  })

  it('measures the steady stages against the bare loop, where the plan has one', () => {
    const bare = (efficiency: number) => ({ ...stage('bare', 'reference', 5000, 0, {}), efficiency })
    const noisy = withMarks({ efficiencyMin: 0.99 }, { stages: [...evidence().stages, bare(0.9), bare(1)] })
    expect(noisy.result).to.equal('valid')
    expect(noisy.summary).to.include('ideal is the bare loop of this run, 0.95 of in flight')
    const quiet = withMarks({ efficiencyMin: 0.96 }, { stages: [...evidence().stages, bare(1)] })
    expect(quiet.result).to.equal('invalid')
  })

  it('takes the worst of several steady stages for percentiles', () => {
    const slow = { ...stage('slow', 'steady', 5000, 10, { success: 10 }), latency: latency(10, 100) }
    expect(withMarks({ latencyMsP95Max: 100 }, { stages: [...evidence().stages, slow] }).result).to.equal('invalid')
  })

  it('does not know a mark that could not be measured', () => {
    const memory = { ...evidence().memory, samples: [] }
    expect(withMarks({ memoryGrowthMbMax: 100 }, { memory }).result).to.equal('unknown')
    const stages = evidence().stages.filter(({ role }) => role !== 'steady')
    expect(withMarks({ throughputPerSecondMin: 1 }, { stages }).result).to.equal('unknown')
    const open = evidence().stages.map(({ efficiency: _, ...rest }) => rest)
    expect(withMarks({ efficiencyMin: 0.9 }, { stages: open }).result).to.equal('unknown')
  })

  it('relaxes marks of speed for blocking threads beyond two a core, and says so', () => {
    const crowded = { operation: 'blocking', workers: 8 } as const
    const { result, summary } = withMarks({ latencyMsP95Max: 6 }, {}, crowded)
    expect(result).to.equal('valid')
    expect(summary).to.include('≤ 6 ms, relaxed to 12 ms').and.to.include('2 × for 8 blocking threads on 2 cores')
  })

  it('relaxes no more than fourfold, and no mark but those of speed', () => {
    const crowded = { operation: 'blocking', workers: 500 } as const
    expect(withMarks({ throughputPerSecondMin: 4001 }, {}, crowded).result).to.equal('invalid')
    expect(withMarks({ efficiencyMin: 0.96 }, {}, crowded).result).to.equal('invalid')
    expect(withMarks({ processedRateMin: 1.01 }, {}, crowded).result).to.equal('invalid')
  })

  it('relaxes achieved ÷ ideal for blocking threads only where the bare loop is short of processors', () => {
    const crowded = { operation: 'blocking', workers: 500 } as const
    const stagesWith = (bare: number, steady: number) => [
      ...evidence().stages.map((one) => (one.role === 'steady' ? { ...one, efficiency: steady } : one)),
      { ...stage('bare', 'reference', 5000, 0, {}), efficiency: bare },
    ]
    const short = withMarks({ efficiencyMin: 0.9 }, { stages: stagesWith(0.6, 0.3) }, crowded)
    expect(short.result).to.equal('valid')
    expect(short.summary).to.include('achieved ÷ ideal 0.5 (≥ 0.9, relaxed to 0.225)')
    expect(withMarks({ efficiencyMin: 0.9 }, { stages: stagesWith(0.6, 0.12) }, crowded).result).to.equal('invalid')
    expect(withMarks({ efficiencyMin: 0.9 }, { stages: stagesWith(0.9, 0.45) }, crowded).result).to.equal('invalid')
    expect(withMarks({ efficiencyMin: 0.9 }, { stages: stagesWith(0.6, 0.3) }).result).to.equal('invalid')
  })

  it('relaxes nothing for awaiting workers on two cores', () => {
    expect(withMarks({ latencyMsP95Max: 9 }, {}, { workers: 500 }).summary).not.to.include('relaxed')
  })

  it('relaxes twofold on a single core', () => {
    const environment = { ...evidence().environment, cores: 1 }
    expect(withMarks({ throughputPerSecondMin: 2000 }, { environment }).result).to.equal('valid')
    expect(withMarks({ throughputPerSecondMin: 2001 }, { environment }).result).to.equal('invalid')
  })

  it('does not apply without marks or without a steady stage', () => {
    expect(checker.applies?.(evidence({ plan: plan({ marks: {} }) }))).to.equal('the plan sets no marks')
    const stages = plan().stages.slice(2)
    expect(checker.applies?.(evidence({ plan: plan({ stages }) }))).to.equal('the plan has no steady stage')
  })
})
