import { expect } from 'chai'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import { SpendingTally } from '../../src/spending/tally.js'

const inTime = { inTime: true, overrun: 0 }

function tallyOf(tasks: number): SpendingTally {
  return new SpendingTally(AtomicCells.allocate(SpendingTally.size(tasks)), 0, tasks)
}

describe('what threads write down of their spending', () => {
  it('sums over tasks, each account by itself', () => {
    const tally = tallyOf(2)
    for (const [task, account, amount] of [
      [0, 1, 5],
      [1, 1, 7],
      [1, 0, 100],
    ] as const) {
      const row = tally.row(task, account)
      row.reserving(amount)
      row.reserved(amount)
      row.settling(amount, amount)
      row.settled(amount, amount, inTime)
    }
    expect([tally.spent(1), tally.spentMost(1), tally.taken(1), tally.back(1)]).to.deep.equal([12, 12, 12, 0])
    expect(tally.spent(0)).to.equal(100)
  })

  it('leaves both possibilities of a thread that died in the middle of a settlement', () => {
    const row = tallyOf(1).row(0, 0)
    row.reserving(50)
    row.reserved(50)
    row.settling(50, 20)
    expect(row.told()).to.deep.include({ spent: 0, spentMost: 20, open: 1, allowed: 1, settled: 0 })
  })

  it('bounds what is committed from below and above while something is being done', () => {
    const tally = tallyOf(1)
    const row = tally.row(0, 0)
    const bounds = () => [tally.taken(0) - tally.backMost(0), tally.takenMost(0) - tally.back(0)]
    row.reserving(50)
    expect(bounds()).to.deep.equal([0, 50])
    row.reserved(50)
    expect(bounds()).to.deep.equal([50, 50])
    row.settling(50, 20)
    expect(bounds()).to.deep.equal([20, 50])
    row.settled(50, 20, inTime)
    expect(bounds()).to.deep.equal([20, 20])
  })

  it('counts as committed what a dearer call was covered for, and no more', () => {
    const tally = tallyOf(1)
    const row = tally.row(0, 0)
    row.reserving(10)
    row.reserved(10)
    row.settling(10, 40)
    row.settled(10, 40, { inTime: true, overrun: 25 })
    expect(tally.taken(0)).to.equal(15)
    expect(row.told()).to.deep.include({ spent: 40, overrun: 25 })
  })

  it('takes back what a refused call was about to reserve', () => {
    const tally = tallyOf(1)
    const row = tally.row(0, 0)
    row.reserving(10)
    row.refused(10, 4, true)
    expect(tally.takenMost(0)).to.equal(0)
    expect(tally.refusedCost(0)).to.equal(4)
    expect(row.told()).to.deep.include({ refused: 1, refusedEarly: 1, allowed: 0, open: 0 })
  })

  it('forgets a question that nobody answered', () => {
    const tally = tallyOf(1)
    const row = tally.row(0, 0)
    row.reserving(10)
    row.withdrawn(10)
    expect(tally.takenMost(0)).to.equal(0)
    expect(row.told()).to.deep.include({ allowed: 0, refused: 0 })
  })

  it('keeps sums beyond 2³¹', () => {
    const row = tallyOf(1).row(0, 0)
    for (let call = 0; call < 3; call++) {
      row.settling(0, 2 ** 40)
      row.settled(0, 2 ** 40, inTime)
    }
    expect(row.told().spent).to.equal(3 * 2 ** 40)
  })
})
