import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const COMMITTED = 0
const MICRO_UNITS = 1_000_000
const CENT = 10_000n
const BEFORE = 70n * CENT
const PRICE = 10n * CENT

const addsFractions = (cells: Cells) => {
  for (;;) {
    const committed = cells.load64(COMMITTED)
    const sum = Number(committed) / MICRO_UNITS + Number(PRICE) / MICRO_UNITS
    const next = BigInt(Math.floor(sum * MICRO_UNITS))
    if (cells.compareExchange64(COMMITTED, committed, next) === committed) return
  }
}
const addsMicroUnits = (cells: Cells) => {
  cells.add64(COMMITTED, PRICE)
}

const programOf = (adds: (cells: Cells) => void): Program => ({
  cells: 2,
  initial: [Number(BEFORE)],
  threads: [adds, adds],
})

const target: BrokenTarget = {
  mistake: 'Money is added as fractions of the currency.',
  after: 'the original cost breaker; Goldberg 1991, what every programmer should know',
  why: 'There 0.7 + 0.1 is 0.7999999999999999: what is cut off is gone, a little with each call, and no sum comes out.',
  broken: programOf(addsFractions),
  mended: programOf(addsMicroUnits),
  caughtBy: {
    invariant: {
      invariant(cells) {
        const committed = cells.load64(COMMITTED)
        if (committed % CENT !== 0n) throw new Error(`${committed} micro-units committed: all prices are whole cents`)
      },
    },
    conservation: {
      check(cells) {
        const committed = cells.load64(COMMITTED)
        const due = BEFORE + 2n * PRICE
        if (committed !== due) throw new Error(`${committed} micro-units committed by calls of ${due}`)
      },
    },
  },
}

export default target
