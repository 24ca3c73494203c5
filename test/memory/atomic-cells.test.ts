import { expect } from 'chai'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import { alignToLine, CELLS_PER_LINE, Layout } from '../../src/memory/layout.js'
import { loadTime, storeTime } from '../../src/memory/time.js'

describe('atomic cells', () => {
  it('return the value that the cell held before', () => {
    const cells = AtomicCells.allocate(4)
    cells.store(1, 5)
    expect(cells.add(1, 3)).to.equal(5)
    expect(cells.sub(1, 1)).to.equal(8)
    expect(cells.exchange(1, 40)).to.equal(7)
    expect(cells.compareExchange(1, 41, 0)).to.equal(40)
    expect(cells.compareExchange(1, 40, -1)).to.equal(40)
    expect(cells.load(1)).to.equal(-1)
  })

  it('keep 64-bit amounts in two cells, beyond 2³¹ too', () => {
    const cells = AtomicCells.allocate(4)
    cells.store64(2, 2n ** 40n)
    expect(cells.add64(2, 1n)).to.equal(2n ** 40n)
    expect(cells.compareExchange64(2, 2n ** 40n + 1n, -3n)).to.equal(2n ** 40n + 1n)
    expect(cells.load64(2)).to.equal(-3n)
    expect(cells.load(1)).to.equal(0)
  })

  it('say at once when there is nothing to wait for', () => {
    const cells = AtomicCells.allocate(2)
    expect(cells.wait(0, 1, 1000)).to.equal('not-equal')
    expect(cells.wait(0, 0, 1)).to.equal('timed-out')
    expect(cells.waitAsync(0, 1, 1000)).to.equal(undefined)
  })

  it('wake whoever waits without blocking', async () => {
    const cells = AtomicCells.allocate(2)
    const woken = cells.waitAsync(0, 0, 10_000)
    expect(cells.notify(0, Number.POSITIVE_INFINITY)).to.equal(1)
    expect(await woken).to.equal('ok')
  })
})

describe('layout', () => {
  it('begins lines where asked, and pairs at even cells', () => {
    const layout = new Layout()
    expect([layout.cells(3), layout.pairs(2), layout.lineOf(), layout.cells()]).to.deep.equal([0, 4, 32, 33])
    expect(layout.size).to.equal(64)
    expect(alignToLine(CELLS_PER_LINE)).to.equal(CELLS_PER_LINE)
  })
})

describe('time in cells', () => {
  it('comes back to the microsecond, past 2³¹ and 2³² milliseconds', () => {
    const cells = AtomicCells.allocate(2)
    for (const timeMs of [0, 0.001, 1234.567, 2 ** 31, 2 ** 32 + 0.5, 9e12]) {
      storeTime(cells, 0, timeMs)
      expect(loadTime(cells, 0)).to.equal(timeMs)
    }
  })
})
