import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const COMMITTED = 0
const SPENT = 2
const LIMIT = 100n
const RESERVED = 60
const ACTUAL = 50

/** What this call reserved before is open. */
const settles = (cells: Cells) => {
  cells.add64(COMMITTED, BigInt(ACTUAL - RESERVED))
  cells.add64(SPENT, BigInt(ACTUAL))
}
const reserves = (cells: Cells) => {
  for (;;) {
    const committed = cells.load64(COMMITTED)
    const next = committed + BigInt(RESERVED)
    if (next > LIMIT) return 'refused'
    if (cells.compareExchange64(COMMITTED, committed, next) === committed) return 'reserved'
  }
}

const beginsAtNothing = (cells: Cells) => {
  cells.store64(SPENT, 0n)
  cells.store64(COMMITTED, 0n)
}
const takesOffWhatWasSpent = (cells: Cells) => {
  for (;;) {
    const spent = cells.load64(SPENT)
    if (cells.compareExchange64(SPENT, spent, 0n) !== spent) continue
    cells.add64(COMMITTED, -spent)
    return
  }
}

const programOf = (beginsAnew: (cells: Cells) => void): Program => ({
  cells: 4,
  initial: [RESERVED],
  threads: [settles, beginsAnew, reserves],
})

const target: BrokenTarget = {
  mistake: 'A new period begins at 0 although reservations are open.',
  after: 'the midnight reset of the original cost breaker, once calls reserve',
  why: 'A call of the old period settles in the new one: its refund is of money that the new period never took.',
  broken: programOf(beginsAtNothing),
  mended: programOf(takesOffWhatWasSpent),
  caughtBy: {
    invariant: {
      invariant(cells) {
        const committed = cells.load64(COMMITTED)
        if (committed < 0n) throw new Error(`${committed} committed in the new period`)
      },
    },
    conservation: {
      check(cells, returned) {
        const open = returned[2] === 'reserved' ? BigInt(RESERVED) : 0n
        const due = cells.load64(SPENT) + open
        const committed = cells.load64(COMMITTED)
        if (committed !== due) throw new Error(`${committed} committed; ${due} are spent or reserved`)
      },
    },
  },
}

export default target
