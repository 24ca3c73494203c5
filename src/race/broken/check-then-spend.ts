import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const COMMITTED = 0
const LIMIT = 100n
const PRICE = 60n

const spendsInTwoSteps = (cells: Cells) => {
  if (cells.load64(COMMITTED) + PRICE > LIMIT) return 'refused'
  cells.add64(COMMITTED, PRICE)
  return 'spent'
}
const reserves = (cells: Cells) => {
  for (;;) {
    const committed = cells.load64(COMMITTED)
    if (committed + PRICE > LIMIT) return 'refused'
    if (cells.compareExchange64(COMMITTED, committed, committed + PRICE) === committed) return 'spent'
  }
}

const programOf = (body: (cells: Cells) => string): Program => ({ cells: 2, threads: [body, body] })

const target: BrokenTarget = {
  mistake: 'A budget is looked at, and then spent.',
  after: 'the original cost breaker without its lock',
  why: 'Two calls find enough for one, and both spend it.',
  broken: programOf(spendsInTwoSteps),
  mended: programOf(reserves),
  caughtBy: {
    invariant: {
      invariant(cells) {
        const committed = cells.load64(COMMITTED)
        if (committed > LIMIT) throw new Error(`${committed} committed of ${LIMIT}`)
      },
    },
    conservation: {
      check(_cells, returned) {
        const spent = returned.filter((result) => result === 'spent').length
        if (BigInt(spent) * PRICE > LIMIT) throw new Error(`${spent} calls at ${PRICE} were let through on ${LIMIT}`)
      },
    },
  },
}

export default target
