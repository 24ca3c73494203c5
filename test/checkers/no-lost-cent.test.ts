import { expect } from 'chai'
import checker from '../../src/checkers/no-lost-cent.js'
import { evidence, judgementOf, worker } from '../evidence-builder.js'
import { look, spender, spent } from '../reporting/spending-evidence.js'

/** The second thread died. */
const killed = { evidence: { workers: [worker(0, 10, {}), { ...worker(1, 10, {}), end: 'killed' as const }] } }
const about = (more: number) => [spender(0), spender(1, { spentMost: 450_000 + more, open: 3 })]

describe('checker no-lost-cent', () => {
  it('is valid where the ledger’s sum is that of its threads', () => {
    const { result, summary } = judgementOf(checker, spent())
    expect(result).to.equal('valid')
    expect(summary).to.equal('calls: 40 settlements come to 0.9, 2 released')
  })

  it('is invalid for a micro-unit too little, and too much', () => {
    for (const [total, word] of [
      [899_999, 'less'],
      [900_001, 'more'],
    ] as const) {
      const { result, details } = judgementOf(checker, spent({ afterExpiry: look(total) }))
      expect(result).to.equal('invalid')
      expect(details).to.deep.equal([`calls: the ledger's sum is 0.000001 ${word} than its threads spent`])
    }
  })

  it('lets the last settlement of a thread that died count as a whole or not at all', () => {
    for (const total of [900_000, 920_000]) {
      const { result, details } = judgementOf(
        checker,
        spent({ threads: about(20_000), afterExpiry: look(total) }, killed),
      )
      expect(result).to.equal('valid')
      expect(details?.[0]).to.contain(
        `1 thread died while they settled, and ${total === 900_000 ? 0 : 0.02} of it counted`,
      )
    }
    const half = judgementOf(checker, spent({ threads: about(20_000), afterExpiry: look(910_000) }, killed))
    expect(half.result).to.equal('invalid')
  })

  it('is invalid where a look contradicts what the threads wrote down before and after it', () => {
    const { result, details } = judgementOf(checker, spent({ samples: [look(5, { least: 6, most: 9 })] }))
    expect(result).to.equal('invalid')
    expect(details?.[0]).to.match(
      /^calls, 100 ms: the ledger's sum is 0\.000005, that of its threads 0\.000006 to 0\.000009$/,
    )
  })

  it('is invalid where something is reserved when all has ended', () => {
    const [day] = look(900_000).budgets
    const budgets = day ? [{ ...day, reserved: 1 }] : []
    const { result, details } = judgementOf(checker, spent({ afterExpiry: look(900_000, { budgets }) }))
    expect(result).to.equal('invalid')
    expect(details).to.deep.equal(['calls, day: 0.000001 is reserved by nobody'])
  })

  it('is invalid where a thread that finished left a reservation open, or ended one twice', () => {
    const open = judgementOf(checker, spent({ threads: [spender(0, { open: 1 }), spender(1)] }))
    expect(open.details).to.deep.equal(['calls, worker 0: finished with 1 reservation open'])
    const twice = judgementOf(checker, spent({ threads: [spender(0, { open: -1 }), spender(1)] }))
    expect(twice.details).to.deep.equal(['calls, worker 0: ended 1 reservation more than it made'])
    expect([open.result, twice.result]).to.deep.equal(['invalid', 'invalid'])
  })

  it('is unknown where too many died to tell their settlements apart', () => {
    const threads = Array.from({ length: 21 }, (_, index) => spender(index + 2, { spent: 0, spentMost: 10 }))
    expect(judgementOf(checker, spent({ threads, afterExpiry: look(30) })).result).to.equal('unknown')
  })

  it('has nothing to ask where calls cost nothing', () => {
    expect(checker.applies?.(evidence())).to.equal('calls cost nothing')
  })
})
