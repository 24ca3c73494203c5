import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

/** A mutex of one cell: 0 free, 1 held, 2 held and somebody waits (Drepper 2011). */
function lock(cells: Cells, mutex: number): void {
  let found = cells.compareExchange(mutex, 0, 1)
  while (found !== 0) {
    if (found === 2 || cells.compareExchange(mutex, 1, 2) !== 0) cells.wait(mutex, 2, Number.POSITIVE_INFINITY)
    found = cells.compareExchange(mutex, 0, 2)
  }
}

function unlock(cells: Cells, mutex: number): void {
  if (cells.exchange(mutex, 0) === 2) cells.notify(mutex, 1)
}

const holds = (first: number, second: number) => (cells: Cells) => {
  lock(cells, first)
  lock(cells, second)
  unlock(cells, second)
  unlock(cells, first)
}

const target: BrokenTarget = {
  mistake: 'Two threads take the same two locks in opposite order.',
  after: 'field report 29: VelesDB #2109; Coffman, Elphick & Shoshani 1971',
  why: 'Each has one and waits for the other’s.',
  broken: { cells: 2, threads: [holds(0, 1), holds(1, 0)] } satisfies Program,
  mended: { cells: 2, threads: [holds(0, 1), holds(0, 1)] } satisfies Program,
  caughtBy: { deadlock: {} },
}

export default target
