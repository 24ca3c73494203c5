import { expect } from 'chai'
import checker from '../../src/checkers/never-overspent.js'
import { evidence, judgementOf } from '../evidence-builder.js'
import { LIMIT, look, spender, spent } from '../reporting/spending-evidence.js'

describe('checker never-overspent', () => {
  it('is valid where no budget was ever beyond its limit, the limit itself included', () => {
    const { result, summary } = judgementOf(checker, spent({ samples: [look(LIMIT)] }))
    expect(result).to.equal('valid')
    expect(summary).to.equal('calls: 0.9 of 1 spent; 2 looks')
  })

  it('is invalid where one look found a micro-unit too much committed', () => {
    const { result, details } = judgementOf(
      checker,
      spent({ samples: [look(5), look(LIMIT + 1, { committedLeast: 0 })] }),
    )
    expect(result).to.equal('invalid')
    expect(details).to.deep.equal(['calls, 100 ms: day: 1.000001 of 1 committed, by the ledger'])
  })

  it('is invalid where the threads’ records contradict a ledger that says all is well', () => {
    const { result, details } = judgementOf(checker, spent({ samples: [look(500_000, { committedLeast: LIMIT + 1 })] }))
    expect(result).to.equal('invalid')
    expect(details).to.deep.equal(['calls, 100 ms: day: at least 1.000001 of 1 committed, by the threads’ records'])
  })

  it('is invalid where more was spent than all budgets permit, whatever the ledger says', () => {
    const threads = [spender(0, { spent: 600_000 }), spender(1, { spent: 400_001 })]
    const { result, details } = judgementOf(checker, spent({ threads }))
    expect(result).to.equal('invalid')
    expect(details).to.deep.equal(['calls: 0.000001 more was spent than its budgets permit in all, 1'])
  })

  it('lets calls cost more than they reserved, and says how much nobody had room for', () => {
    const threads = [spender(0, { spent: 1_200_000, overrun: 300_000 }), spender(1, { spent: 100_000 })]
    const { result, summary } = judgementOf(checker, spent({ threads }))
    expect(result).to.equal('valid')
    expect(summary).to.contain('1 of 1 spent and 0.3 beyond, of calls that cost more than they reserved')
  })

  it('is unknown where nobody looked', () => {
    expect(judgementOf(checker, spent({ samples: [], samplesTaken: 0 })).result).to.equal('unknown')
  })

  it('has nothing to ask where calls cost nothing', () => {
    expect(checker.applies?.(evidence())).to.equal('calls cost nothing')
  })
})
