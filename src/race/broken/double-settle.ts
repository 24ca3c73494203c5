import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const RESERVATION = 0
const COMMITTED = 2
const OPEN = 1
const SETTLED = 2
const RESERVED = 100
const ACTUAL = 40
const REFUND = BigInt(RESERVED - ACTUAL)

const looksAndSettles = (cells: Cells) => {
  if (cells.load(RESERVATION) !== OPEN) return 'settled before'
  cells.store(RESERVATION, SETTLED)
  cells.add64(COMMITTED, -REFUND)
  return 'settled'
}
const settlesIfFirst = (cells: Cells) => {
  if (cells.compareExchange(RESERVATION, OPEN, SETTLED) !== OPEN) return 'settled before'
  cells.add64(COMMITTED, -REFUND)
  return 'settled'
}

/** The call's end and its timeout, each in a thread of its own. */
const programOf = (settles: (cells: Cells) => string): Program => ({
  cells: 4,
  initial: [OPEN, 0, RESERVED],
  threads: [settles, settles],
})

const target: BrokenTarget = {
  mistake: 'Whether a reservation is open is looked at, and then it is settled.',
  after: 'every refund without an idempotency key',
  why: 'The call’s end and its timeout both find it open, and both refund what was reserved beyond the cost.',
  broken: programOf(looksAndSettles),
  mended: programOf(settlesIfFirst),
  caughtBy: {
    invariant: {
      invariant(cells) {
        const committed = cells.load64(COMMITTED)
        if (committed < BigInt(ACTUAL)) throw new Error(`${committed} committed; the call cost ${ACTUAL}`)
      },
    },
    conservation: {
      check(_cells, returned) {
        const settled = returned.filter((result) => result === 'settled').length
        if (settled !== 1) throw new Error(`one reservation was settled ${settled} times`)
      },
    },
  },
}

export default target
