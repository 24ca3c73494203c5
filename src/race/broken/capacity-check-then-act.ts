import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const UNDER_WAY = 0
const LIMIT = 2

const entersInTwoSteps = (cells: Cells) => {
  if (cells.load(UNDER_WAY) >= LIMIT) return
  cells.add(UNDER_WAY, 1)
  cells.sub(UNDER_WAY, 1)
}

const entersInOne = (cells: Cells) => {
  for (;;) {
    const underWay = cells.load(UNDER_WAY)
    if (underWay >= LIMIT) return
    if (cells.compareExchange(UNDER_WAY, underWay, underWay + 1) === underWay) break
  }
  cells.sub(UNDER_WAY, 1)
}

const programOf = (body: (cells: Cells) => void): Program => ({ cells: 1, initial: [1], threads: [body, body] })

const target: BrokenTarget = {
  mistake: 'The limit of calls under way is looked at, and then the call is counted.',
  after: 'field report 34: opossum, capacity 2 reached 20 in flight',
  why: 'Two threads find one place left, and both take it.',
  broken: programOf(entersInTwoSteps),
  mended: programOf(entersInOne),
  caughtBy: {
    invariant: {
      invariant(cells) {
        const underWay = cells.load(UNDER_WAY)
        if (underWay > LIMIT) throw new Error(`${underWay} calls are under way; allowed: ${LIMIT}`)
      },
    },
  },
}

export default target
