import { expect } from 'chai'
import { contradictionsOf, contradicts, overspentIn } from '../../src/spending/samples.js'
import { LIMIT, look } from '../reporting/spending-evidence.js'

describe('a look at an account', () => {
  it('that is right contradicts nothing', () => {
    expect(contradictionsOf(look(LIMIT))).to.deep.equal([])
    expect(contradicts(look(0))).to.equal(false)
  })

  it('finds a sum outside what the threads told', () => {
    for (const total of [4, 10]) expect(contradicts(look(5, { total, least: 5, most: 9 }))).to.equal(true)
  })

  it('holds the threads’ records against the smallest limit, and asks them nothing where reservations may have expired', () => {
    expect(overspentIn(look(5, { committedLeast: LIMIT + 1 }))).to.have.length(1)
    const { committedLeast: _, ...unsure } = look(5)
    expect(overspentIn(unsure)).to.deep.equal([])
  })

  it('names each budget that is overspent', () => {
    expect(overspentIn(look(2 * LIMIT + 1, { committedLeast: 0 }))).to.deep.equal([
      'day: 2.000001 of 1 committed, by the ledger',
      'month: 2.000001 of 2 committed, by the ledger',
    ])
  })
})
