import { expect } from 'chai'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import { VirtualClock } from '../../src/spending/virtual-clock.js'

describe('the wall clock of a run', () => {
  it('stands still until the first measured stage begins, and is set for all threads at once', () => {
    const cells = AtomicCells.allocate(32)
    let measuredMs = -1
    const [one, other] = [0, 1].map(() => new VirtualClock(cells, 0, 1_000_000, () => measuredMs))
    expect(one?.nowMs()).to.equal(1_000_000)
    measuredMs = 250.7
    expect(one?.nowMs()).to.equal(1_000_250)
    one?.set(9_000_000)
    measuredMs = 300
    expect(other?.nowMs()).to.equal(9_000_050)
    other?.set(500)
    expect(one?.nowMs()).to.equal(500)
  })
})
