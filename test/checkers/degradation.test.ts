import { expect } from 'chai'
import checker from '../../src/checkers/degradation.js'
import { evidence, judgementOf } from '../evidence-builder.js'
import { type Level, levelled } from '../reporting/level-evidence.js'

const calm: readonly Level[] = [
  { inFlight: 10, perSecond: 1000, p50Ms: 5 },
  { inFlight: 100, perSecond: 9000, p50Ms: 6 },
]

/** With the second level as told. */
function withSecond(second: Partial<Level>) {
  return judgementOf(checker, levelled([calm[0] as Level, { ...(calm[1] as Level), ...second }]))
}

describe('checker degradation', () => {
  it('is valid where each level is within the marks, and says by how much', () => {
    const { result, summary } = judgementOf(checker, levelled(calm))
    expect(result).to.equal('valid')
    expect(summary).to.match(/^100 in flight against 10 in flight: throughput 9 × \(.*\), median latency 1\.2 × /)
    expect(summary).to.match(/no knee up to there$/)
  })

  it('is invalid where throughput fell by more than half', () => {
    const { result, details } = withSecond({ perSecond: 400 })
    expect(result).to.equal('invalid')
    expect(details?.join()).to.match(/^100 in flight: throughput 0\.4 × \(.*\) of the first level's \(≥ 0\.5 ×\)$/)
  })

  it('is unknown where the interval holds the mark', () => {
    expect(withSecond({ perSecond: 500 }).result).to.equal('unknown')
  })

  it('is invalid where median latency rose more than three times', () => {
    const { result, details } = withSecond({ p50Ms: 25 })
    expect(result).to.equal('invalid')
    expect(details?.join()).to.match(/median latency 5 × .* \(≤ 3 ×\)$/)
  })

  it('is invalid where too few calls succeed, up to the level that the mark names', () => {
    expect(withSecond({ failed: 4000 }).result).to.equal('invalid')
    expect(withSecond({ inFlight: 101, failed: 4000 }).result).to.equal('valid')
  })

  it('is unknown of a run that ended before its last level', () => {
    const whole = levelled(calm)
    const { result, summary } = judgementOf(checker, { ...whole, stages: whole.stages.slice(0, 2) })
    expect(result).to.equal('unknown')
    expect(summary).to.equal('1 of 2 levels were run')
  })

  it('applies to plans of several levels that set such marks', () => {
    expect(checker.applies?.(levelled(calm))).to.equal(true)
    expect(checker.applies?.(levelled(calm, {}))).to.equal('the plan sets no marks for levels')
    expect(checker.applies?.(evidence())).to.equal('the plan has one level')
  })
})
