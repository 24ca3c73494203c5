import { expect } from 'chai'
import { AtomicCells } from '../../src/memory/atomic-cells.js'
import type { Cells } from '../../src/memory/cells.js'
import { alignToLine, CELLS_PER_LINE, Layout } from '../../src/memory/layout.js'
import { PrivateCells } from '../../src/memory/private-cells.js'
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

type Operation = (cells: Cells, index: number) => unknown

/** Every operation of cells, with values at the edges. On an even index, so that each can be one of a pair. */
const operations: readonly [string, Operation][] = [
  ['load', (cells, index) => cells.load(index)],
  ...edges((value): [string, Operation] => [`store ${value}`, (cells, index) => cells.store(index, value)]),
  ...edges((value): [string, Operation] => [`add ${value}`, (cells, index) => cells.add(index, value)]),
  ...edges((value): [string, Operation] => [`sub ${value}`, (cells, index) => cells.sub(index, value)]),
  ...edges((value): [string, Operation] => [`exchange ${value}`, (cells, index) => cells.exchange(index, value)]),
  ...edges((value): [string, Operation] => [`wait ${value}`, (cells, index) => cells.wait(index, value, 0)]),
  ['notify', (cells, index) => cells.notify(index, 1)],
  ['compareExchange that fits', (cells, index) => cells.compareExchange(index, cells.load(index), 77)],
  ['compareExchange that does not', (cells, index) => cells.compareExchange(index, cells.load(index) + 1, 78)],
  [
    'compareExchange of a number that wraps',
    (cells, index) => cells.compareExchange(index, cells.load(index) + 2 ** 32, 79),
  ],
  ['load64', (cells, index) => cells.load64(index)],
  ['store64', (cells, index) => cells.store64(index, 2n ** 40n + 5n)],
  ['add64', (cells, index) => cells.add64(index, 2n ** 63n - 1n)],
  ['compareExchange64 that fits', (cells, index) => cells.compareExchange64(index, cells.load64(index), -5n)],
  ['compareExchange64 that does not', (cells, index) => cells.compareExchange64(index, cells.load64(index) + 1n, 6n)],
  [
    'compareExchange64 of a number that wraps',
    (cells, index) => cells.compareExchange64(index, cells.load64(index) + 2n ** 64n, 7n),
  ],
]

function edges<One>(make: (value: number) => One): One[] {
  return [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 32 + 5].map(make)
}

/** As many cells as there are, each with a number of its own, but for one half of them that are 0. */
function filled(cells: Cells): Cells {
  for (let cell = 0; cell < cells.length; cell += 2) cells.store(cell, 1000 + cell)
  return cells
}

function contents(cells: Cells): number[] {
  return Array.from({ length: cells.length }, (_, cell) => cells.load(cell))
}

describe('cells of one thread and those that threads share', () => {
  for (const [name, operate] of operations) {
    it(`do the same, to that cell alone: ${name}`, () => {
      const [shared, own] = [filled(AtomicCells.allocate(8)), filled(new PrivateCells(8))]
      for (const index of [2, 4, 2]) {
        expect(operate(shared, index), 'returned').to.equal(operate(own, index))
        expect(contents(shared)).to.deep.equal(contents(own))
      }
    })
  }

  it('say what a cell held before, whatever they do to it', () => {
    for (const cells of [filled(AtomicCells.allocate(8)), filled(new PrivateCells(8))]) {
      expect([cells.add(2, 5), cells.sub(2, 1), cells.exchange(2, 9)]).to.deep.equal([1002, 1007, 1006])
      expect([cells.compareExchange(2, 9, 10), cells.compareExchange(2, 9, 11), cells.load(2)]).to.deep.equal([
        9, 10, 10,
      ])
      expect([cells.wait(2, 10, 0), cells.wait(2, 9, 0), cells.notify(2, 1)]).to.deep.equal([
        'timed-out',
        'not-equal',
        0,
      ])
      expect([cells.add64(4, 1n), cells.compareExchange64(4, 1005n, -1n), cells.load64(4)]).to.deep.equal([
        1004n,
        1005n,
        -1n,
      ])
      expect(contents(cells)).to.deep.equal([1000, 0, 10, 0, -1, -1, 1006, 0])
    }
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
