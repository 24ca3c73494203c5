import { expect } from 'chai'
import checker from '../../src/checkers/overhead.js'
import type { OverheadEvidence } from '../../src/evidence.js'
import overheadAsync from '../../src/scenarios/overhead-async.js'
import overheadSync from '../../src/scenarios/overhead-sync.js'
import { evidence, judgementOf } from '../evidence-builder.js'
import { turns } from '../reporting/overhead-evidence.js'

function judged(changes: Partial<OverheadEvidence>, plan = overheadSync.plan({})) {
  return judgementOf(checker, evidence({ plan, overhead: turns(changes) }))
}

describe('checker overhead', () => {
  it('is valid within the marks, and says the figures', () => {
    const { result, summary } = judged({})
    expect(result).to.equal('valid')
    expect(summary).to.match(
      /^overhead 50 ns \(≤ 50 ms\); share of the bare call 49\.5\d? % \(≤ 200 %\); allocated a call 0 B/,
    )
  })

  it('is invalid where it adds more than its share', () => {
    expect(judged({ guardedNs: turns().bareNs.map((ns) => ns + 250) }).result).to.equal('invalid')
  })

  it('is unknown where the interval allows for more than its share', () => {
    const guardedNs = turns().bareNs.map((ns, round) => ns + (round % 2 === 0 ? 150 : 240))
    expect(judged({ guardedNs }).result).to.equal('unknown')
  })

  it('is invalid where a call allocates, and unknown where that was not measured', () => {
    expect(judged({ guardedBytes: 40 }).result).to.equal('invalid')
    const { guardedBytes: _, ...rest } = turns()
    expect(judgementOf(checker, evidence({ plan: overheadSync.plan({}), overhead: rest })).result).to.equal('unknown')
  })

  it('is invalid where calls fail', () => {
    expect(judged({ succeeded: 940 }, overheadAsync.plan({})).result).to.equal('invalid')
  })

  it('is unknown where no turn was measured', () => {
    expect(judged({ bareNs: [], guardedNs: [] }).result).to.equal('unknown')
  })

  it('applies to plans that measure overhead', () => {
    expect(checker.applies?.(evidence())).to.equal('the plan measures no overhead')
    expect(checker.applies?.(evidence({ plan: overheadSync.plan({}) }))).to.equal(true)
  })
})
