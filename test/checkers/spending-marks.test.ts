import { expect } from 'chai'
import checker from '../../src/checkers/spending-marks.js'
import { evidence, judgementOf } from '../evidence-builder.js'
import { spender, spent } from '../reporting/spending-evidence.js'

describe('checker spending-marks', () => {
  it('is valid where calls were refused, none too early, and the budget was spent', () => {
    const { result, summary } = judgementOf(checker, spent())
    expect(result).to.equal('valid')
    expect(summary).to.equal(
      '0 of 10 refusals for cost came while there was room; 10 of 52 calls refused for cost (≥ 1); ' +
        '80.77 % of calls allowed (≥ 60 %); 90 % spent of what was affordable, 0.9 of 1 (≥ 85 %)',
    )
  })

  it('is invalid where one call was refused while there was room', () => {
    const { result, details } = judgementOf(checker, spent({ threads: [spender(0, { refusedEarly: 1 }), spender(1)] }))
    expect(result).to.equal('invalid')
    expect(details).to.deep.equal(['1 of 10 refusals for cost came while there was room'])
  })

  it('is invalid where none was refused, or too many', () => {
    const none = [spender(0, { refused: 0 }), spender(1, { refused: 0 })]
    expect(judgementOf(checker, spent({ threads: none })).result).to.equal('invalid')
    const most = [spender(0, { refused: 50 }), spender(1)]
    expect(judgementOf(checker, spent({ threads: most })).details).to.deep.equal(['43.3 % of calls allowed (≥ 60 %)'])
  })

  it('is invalid where money was left that refused calls would have cost', () => {
    const threads = [spender(0, { spent: 100_000 }), spender(1)]
    const { details } = judgementOf(checker, spent({ threads, refusedCost: 10_000_000 }))
    expect(details).to.deep.equal(['55 % spent of what was affordable, 0.55 of 1 (≥ 85 %)'])
  })

  it('asks for no more than all calls would have cost', () => {
    expect(judgementOf(checker, spent({ refusedCost: 0 })).summary).to.contain(
      '100 % spent of what was affordable, 0.9 of 0.9',
    )
  })

  it('is unknown where nobody asked for money', () => {
    const threads = [spender(0, { allowed: 0, refused: 0 })]
    expect(judgementOf(checker, spent({ threads })).result).to.equal('unknown')
  })

  it('has nothing to ask where calls cost nothing', () => {
    expect(checker.applies?.(evidence())).to.equal('calls cost nothing')
  })
})
