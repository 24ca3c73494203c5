import { expect } from 'chai'
import { OriginalLedger } from '../../src/spending/original-ledger.js'
import { LIMIT, spendingPlan } from '../reporting/spending-evidence.js'

const always = () => true

describe('the original’s budgets', () => {
  it('without their lock let two calls in that look at the same moment, and are overspent', () => {
    const { handle } = OriginalLedger.create('check-then-spend', spendingPlan)
    const ends = [0, 1].map(() => new OriginalLedger('check-then-spend', handle.buffer, spendingPlan).account(1))
    const holds = ends.map((end) => end.reserve(LIMIT, always))
    expect(holds).to.deep.equal([1, 1])
    for (const end of ends) end.settle(1, LIMIT)
    expect(ends[0]?.status()).to.deep.include({ total: 2 * LIMIT })
    expect(ends[0]?.reserve(1, always)).to.equal(0)
  })

  it('with it make one call wait for the other, and refuse it', async () => {
    const { handle } = OriginalLedger.create('one-lock', spendingPlan)
    const [one, other] = [0, 1].map(() => new OriginalLedger('one-lock', handle.buffer, spendingPlan).account(1))
    expect(await one?.reserve(LIMIT, always)).to.equal(1)
    const waiting = Promise.resolve(other?.reserve(LIMIT, always))
    let answered = false
    void waiting.then(() => {
      answered = true
    })
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(answered).to.equal(false)
    one?.settle(1, LIMIT)
    expect(await waiting).to.equal(0)
    // A refused call lets the lock go.
    expect(await one?.reserve(1, always)).to.equal(0)
  })

  it('let whoever waits for a dead thread’s lock go when the run ends', async () => {
    const account = OriginalLedger.create('one-lock', spendingPlan).account(0)
    let goesOn = true
    expect(await account.reserve(1, always)).to.equal(1)
    const waiting = account.reserve(1, () => goesOn)
    goesOn = false
    expect(await waiting, 'no answer').to.equal(undefined)
  })

  it('keep accounts apart', () => {
    const ledger = OriginalLedger.create('check-then-spend', spendingPlan)
    ledger.account(0).settle(1, LIMIT)
    expect(ledger.account(1).status().total).to.equal(0)
  })
})
