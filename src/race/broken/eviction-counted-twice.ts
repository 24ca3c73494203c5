import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const RING = 0
const FAILURES = 1
const FAILED = 1
const SUCCEEDED = 2

/** The oldest result is a failure; two successes come, and each wants its place. */
const evictsInTwoSteps = (cells: Cells) => {
  const oldest = cells.load(RING)
  cells.store(RING, SUCCEEDED)
  if (oldest === FAILED) cells.sub(FAILURES, 1)
}

const evictsInOne = (cells: Cells) => {
  if (cells.exchange(RING, SUCCEEDED) === FAILED) cells.sub(FAILURES, 1)
}

const programOf = (body: (cells: Cells) => void): Program => ({ cells: 2, initial: [FAILED, 1], threads: [body, body] })

const target: BrokenTarget = {
  mistake: 'The oldest result of a window is read, overwritten, and then subtracted.',
  after: 'field report 8: resilience4j #1335, #1262, negative counts',
  why: 'Two threads read the same failure before either overwrites it, and both subtract it.',
  broken: programOf(evictsInTwoSteps),
  mended: programOf(evictsInOne),
  caughtBy: {
    invariant: {
      invariant(cells) {
        if (cells.load(FAILURES) < 0) throw new Error(`${cells.load(FAILURES)} failures are in the window`)
      },
    },
    conservation: {
      check(cells) {
        if (cells.load(FAILURES) !== 0)
          throw new Error(`the window holds no failure, and counts ${cells.load(FAILURES)}`)
      },
    },
  },
}

export default target
