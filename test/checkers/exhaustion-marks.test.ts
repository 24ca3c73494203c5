import { expect } from 'chai'
import checker from '../../src/checkers/exhaustion-marks.js'
import { evidence, judgementOf, latency, outcomes, worker } from '../evidence-builder.js'
import { type CaseChanges, exhausted } from '../reporting/exhaustion-evidence.js'

const judged = (changes: CaseChanges = {}) => judgementOf(checker, exhausted('disk', changes))

describe('checker exhaustion-marks', () => {
  it('is valid within the original’s marks, and says the figures', () => {
    const { result, summary } = judged()
    expect(result).to.equal('valid')
    expect(summary).to.equal(
      '1,810 calls (≥ 143); at most 60 descriptors (≤ 100); memory growth 4 MB (≤ 75 MB); mean 5 ms (≤ 1,000 ms); ' +
        'more than 10 % failed in 1 case, calls were refused in each',
    )
  })

  const wrong: Record<string, [CaseChanges, RegExp]> = {
    'there were too few calls': [
      { evidence: { workers: [worker(0, 142, { success: 142 })] } },
      /^142 calls \(≥ 143\)$/,
    ],
    'there were too many descriptors': [
      { told: { descriptors: { peak: 101, limit: 200 } } },
      /^at most 101 descriptors \(≤ 100\)$/,
    ],
    'memory grew too much': [
      {
        evidence: {
          memory: {
            samples: [{ atMs: 0, residentMb: 1, heapMb: [] }],
            baselineMb: 1,
            growthMb: 90,
            threadsGrowthMb: 10,
          },
        },
      },
      /^memory growth 80 MB \(≤ 75 MB\)$/,
    ],
    'calls took too long': [{ usedUp: { latency: latency(400, 5000) } }, /^mean 1,\d+ ms \(≤ 1,000 ms\)$/],
    'many failed and none was refused': [
      { usedUp: { outcomes: outcomes({ success: 80, error: 20 }) } },
      /^more than 10 % failed in 1 case, none was refused in disk$/,
    ],
  }
  for (const [what, [changes, detail]] of Object.entries(wrong)) {
    it(`is invalid where ${what}`, () => {
      const { result, details = [] } = judged(changes)
      expect(result).to.equal('invalid')
      expect(details).to.have.lengthOf(1)
      expect(details[0]).to.match(detail)
    })
  }

  it('is unknown where descriptors can’t be counted, or memory was not measured', () => {
    const { descriptors: _, ...told } = exhausted().exhaustion?.cases[0] ?? { case: 'disk' as const, signs: {} }
    expect(judged({ evidence: { exhaustion: { cases: [told] } } }).result).to.equal('unknown')
    const memory = { samples: [], baselineMb: 0, growthMb: 0, threadsGrowthMb: 0 }
    expect(judged({ evidence: { memory } }).result).to.equal('unknown')
  })

  it('is unknown where too few failed for anybody to be refused', () => {
    expect(judged({ usedUp: { outcomes: outcomes({ success: 95, error: 5 }) } }).result).to.equal('unknown')
  })

  it('is unknown where many failed and none was refused, but nothing shows why', () => {
    const usedUp = { outcomes: outcomes({ success: 80, error: 20 }) }
    expect(judged({ usedUp, told: { signs: {} } }).result).to.equal('unknown')
  })

  it('is unknown where a run that was cut short made too few calls', () => {
    const changes = { evidence: { workers: [worker(0, 9, { success: 9 })], interrupted: true } }
    expect(judged(changes).result).to.equal('unknown')
  })

  it('applies to plans that use something up', () => {
    expect(checker.applies?.(evidence())).to.equal('the plan uses nothing up')
    expect(checker.applies?.(exhausted())).to.equal(true)
  })
})
