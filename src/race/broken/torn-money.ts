import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const LOW = 0
const HIGH = 1
const SPENT = 2n ** 32n - 1n

/** Two halves with a carry between them. */
const addsByHalves = (cells: Cells) => {
  if (cells.add(LOW, 1) === -1) cells.add(HIGH, 1)
}
const addsWhole = (cells: Cells) => {
  cells.add64(LOW, 1n)
}
const reads = (cells: Cells) => {
  const spent = cells.load64(LOW)
  if (spent < SPENT) throw new Error(`${spent} spent, after ${SPENT}: money came back`)
}

const programOf = (adds: (cells: Cells) => void): Program => ({ cells: 2, initial: [-1, 0], threads: [adds, reads] })

const target: BrokenTarget = {
  mistake: 'An amount of 64 bits is added to as two halves, the carry afterwards.',
  after: 'the original cost breaker, and every counter of two words',
  why: 'Between the two, the low half has come round to 0 and the high one does not know: the amount falls by 2³².',
  broken: programOf(addsByHalves),
  mended: programOf(addsWhole),
  caughtBy: {
    assertion: {},
    invariant: {
      invariant(cells) {
        if (cells.load64(LOW) < SPENT) throw new Error(`${cells.load64(LOW)} spent, after ${SPENT}`)
      },
    },
  },
}

export default target
