import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const RESERVATION = 0
const COMMITTED = 2
const OPEN = 1
const SETTLED = 2
const EXPIRED = 3
const RESERVED = 100
const ACTUAL = 40

const expires = (cells: Cells) => {
  if (cells.compareExchange(RESERVATION, OPEN, EXPIRED) === OPEN) cells.add64(COMMITTED, -BigInt(RESERVED))
}
const refundsTheRest = (cells: Cells) => {
  cells.exchange(RESERVATION, SETTLED)
  cells.add64(COMMITTED, BigInt(ACTUAL - RESERVED))
}
const chargesIfExpired = (cells: Cells) => {
  const wasExpired = cells.exchange(RESERVATION, SETTLED) === EXPIRED
  cells.add64(COMMITTED, BigInt(wasExpired ? ACTUAL : ACTUAL - RESERVED))
}

/** The lease of the reservation has run out, and its call comes to its end all the same. */
const programOf = (settles: (cells: Cells) => void): Program => ({
  cells: 4,
  initial: [OPEN, 0, RESERVED],
  threads: [settles, expires],
})

const target: BrokenTarget = {
  mistake: 'Who settles late refunds the rest of a reservation that was given back as a whole.',
  after: 'Kleppmann 2016: a client that does not know that its lease has run out',
  why: 'The sweep gave all of it back; the refund comes on top, and the budget has more than it ever had.',
  broken: programOf(refundsTheRest),
  mended: programOf(chargesIfExpired),
  caughtBy: {
    invariant: {
      invariant(cells) {
        const committed = cells.load64(COMMITTED)
        if (committed < 0n) throw new Error(`${committed} committed: more was given back than taken`)
      },
    },
    conservation: {
      check(cells) {
        const committed = cells.load64(COMMITTED)
        if (committed !== BigInt(ACTUAL)) throw new Error(`${committed} committed; the call cost ${ACTUAL}`)
      },
    },
  },
}

export default target
