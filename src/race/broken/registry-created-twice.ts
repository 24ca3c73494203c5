import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const LISTED = 0
const NEXT_ENTRY = 1

const storesIt = (cells: Cells) => {
  const listed = cells.load(LISTED)
  if (listed !== 0) return listed
  const entry = cells.add(NEXT_ENTRY, 1) + 1
  cells.store(LISTED, entry)
  return entry
}

const exchangesIt = (cells: Cells) => {
  const listed = cells.load(LISTED)
  if (listed !== 0) return listed
  const entry = cells.add(NEXT_ENTRY, 1) + 1
  return cells.compareExchange(LISTED, 0, entry) || entry
}

const programOf = (body: (cells: Cells) => number): Program => ({ cells: 2, threads: [body, body] })

const target: BrokenTarget = {
  mistake: 'A registry looks whether a name is listed, and then lists it.',
  after: 'field report 13: Sentinel #2136, two breakers on one resource',
  why: 'Two threads ask for the same name at once, and each gets a breaker of its own.',
  broken: programOf(storesIt),
  mended: programOf(exchangesIt),
  caughtBy: {
    conservation: {
      check(_cells, [one, other]) {
        if (one !== other) throw new Error(`one name, and the breakers ${one} and ${other}`)
      },
    },
  },
}

export default target
