import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const CONTROL = 0
const FAILURES = 1
const LIVES = 4

/** A slow call fails after four lives have passed. */
function programOf(epochBits: number): Program {
  const mask = 2 ** epochBits - 1
  return {
    cells: 2,
    threads: [
      (cells: Cells) => {
        const permission = cells.load(CONTROL)
        if (permission !== 0) return 'late'
        if (cells.load(CONTROL) !== permission) return 'stale'
        cells.add(FAILURES, 1)
        return 'counted'
      },
      (cells: Cells) => {
        for (let life = 1; life <= LIVES; life++) {
          cells.store(FAILURES, 0)
          cells.store(CONTROL, life & mask)
        }
        // A life in which nobody has called yet.
        return cells.load(FAILURES)
      },
    ],
  }
}

const target: BrokenTarget = {
  mistake: 'The epoch has two bits, and comes round while a call is under way.',
  after: 'design.md, "epoch 29 bits, tested just below the wrap"',
  why: 'After four transitions the permission of the first life is one of the fifth: a stale failure counts in it.',
  broken: programOf(2),
  mended: programOf(20),
  caughtBy: {
    'stale-results': {
      check(cells, [result]) {
        const isOver = cells.load(CONTROL) !== 0 || cells.load(FAILURES) === 0
        if (result === 'counted' && !isOver) throw new Error('a failure of the first life counts in the fifth')
      },
    },
  },
}

export default target
