import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const FREE = 0
const SLOT = 1

/** A timeout and the call's own end both report the same permission. */
const reportsByCount = (cells: Cells) => {
  cells.add(FREE, 1)
}
/** A permission is a slot with an owner: who takes the owner out gives the place back, and that can be done once. */
const reportsBySlot = (cells: Cells) => {
  if (cells.compareExchange(SLOT, 1, 0) === 1) cells.add(FREE, 1)
}

const programOf = (body: (cells: Cells) => void): Program => ({ cells: 2, initial: [0, 1], threads: [body, body] })

const target: BrokenTarget = {
  mistake: 'A permission reported twice, by the timeout and by the call itself, gives two places back.',
  after: 'field report 34: opossum, a timeout gives the slot back while the action still runs; field report 38',
  why: 'Nothing says that a permission has been reported: there are two places where one call was.',
  broken: programOf(reportsByCount),
  mended: programOf(reportsBySlot),
  caughtBy: {
    conservation: {
      check(cells) {
        if (cells.load(FREE) !== 1) throw new Error(`one call is over, and ${cells.load(FREE)} places are free`)
      },
    },
  },
}

export default target
