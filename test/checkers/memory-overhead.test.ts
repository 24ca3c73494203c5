import { expect } from 'chai'
import checker from '../../src/checkers/memory-overhead.js'
import { evidence, judgementOf } from '../evidence-builder.js'
import { rest, Stages, soaked, soakedPlan, thread } from '../soak/soak-evidence.js'

describe('checker memory-overhead', () => {
  it('is valid when calls leave less behind than the marks allow', () => {
    const { result, summary } = judgementOf(checker, soaked([thread('worker-0', () => 60_000)]))
    expect(result).to.equal('valid')
    expect(summary).to.match(/^10 B retained a call \(≤ 100 B\), 59 KB in all \(≤ 20 MB\) over 6,000 calls/)
  })

  it('is invalid when a call leaves more', () => {
    const { result, details } = judgementOf(checker, soaked([thread('worker-0', () => 6000 * 101)]))
    expect(result).to.equal('invalid')
    expect(details).to.deep.equal(['101 B retained a call (≤ 100 B)'])
  })

  it('is invalid when all threads together leave more, each of them less', () => {
    const of = soaked([thread('worker-0', () => 2 ** 20), thread('worker-1', () => 2 ** 20)], {
      plan: soakedPlan({ marks: { retainedMbMax: 1.5 } }),
    })
    expect(judgementOf(checker, of)).to.include({ result: 'invalid' })
  })

  it('is unknown when a thread died before the last rest', () => {
    const died = thread('worker-0', () => 0, { rests: [rest(Stages.before, 0)] })
    expect(judgementOf(checker, soaked([died])).result).to.equal('unknown')
  })

  it('applies to a soak whose plan sets such a mark', () => {
    expect(checker.applies?.(evidence())).to.equal('the plan is no soak')
    expect(checker.applies?.(soaked([], { plan: soakedPlan({ marks: {} }) }))).to.equal('the plan sets no such mark')
    expect(checker.applies?.(soaked([]))).to.equal(true)
  })
})
