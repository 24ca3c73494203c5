import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

/** Two budgets, of which the second has room for one call less; side by side, so that they are also one word of 64 bits. */
const DAY = 0
const MONTH = 1
const DAY_LIMIT = 2
const MONTH_LIMIT = 1
const HIGH = 32n
const ONE_OF_EACH = (1n << HIGH) + 1n

function takes(cells: Cells, budget: number, limit: number): boolean {
  for (;;) {
    const committed = cells.load(budget)
    if (committed >= limit) return false
    if (cells.compareExchange(budget, committed, committed + 1) === committed) return true
  }
}
const takesOneAfterTheOther = (cells: Cells) =>
  takes(cells, DAY, DAY_LIMIT) && takes(cells, MONTH, MONTH_LIMIT) ? 'reserved' : 'refused'

const takesBothAtOnce = (cells: Cells) => {
  for (;;) {
    const both = cells.load64(DAY)
    const hasRoom = Number(BigInt.asUintN(32, both)) < DAY_LIMIT && Number(both >> HIGH) < MONTH_LIMIT
    if (!hasRoom) return 'refused'
    if (cells.compareExchange64(DAY, both, both + ONE_OF_EACH) === both) return 'reserved'
  }
}

const programOf = (body: (cells: Cells) => string): Program => ({ cells: 2, threads: [body, body], deaths: 1 })

const target: BrokenTarget = {
  mistake: 'What was taken from the first budget is kept when the second refuses.',
  after: 'every reservation over two budgets: daily and monthly in the original cost breaker',
  why: 'The first budget shrinks with each refusal, and by whatever a thread had taken that died on its way to the second.',
  broken: programOf(takesOneAfterTheOther),
  mended: programOf(takesBothAtOnce),
  caughtBy: {
    conservation: {
      check(cells, returned) {
        if (returned.includes(undefined)) return
        const reserved = returned.filter((result) => result === 'reserved').length
        const day = cells.load(DAY)
        if (day !== reserved) throw new Error(`${day} taken from the day by ${reserved} calls`)
      },
    },
    recovery: {
      check(cells, returned) {
        const day = cells.load(DAY)
        const month = cells.load(MONTH)
        if (returned.includes(undefined) && day !== month) {
          throw new Error(`a thread is dead, and ${day} are taken from the day, ${month} from the month`)
        }
      },
    },
  },
}

export default target
