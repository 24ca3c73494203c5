import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const LEASE = 0
const HOLDERS = 1
const GENERATION = 16

/** The lease of a slow holder has run out: it is taken over by the next, and the slow one gives back what it takes for its own. */
function programOf(fenced: boolean): Program {
  const owner = (thread: number, generation: number) => (fenced ? generation * GENERATION : 0) + thread
  const takesOver = (cells: Cells, thread: number, generation: number) => {
    const found = cells.load(LEASE)
    const isFree = found % GENERATION === 0 || found % GENERATION === 1
    return isFree && cells.compareExchange(LEASE, found, owner(thread, generation)) === found
  }
  return {
    cells: 2,
    initial: [owner(1, 1)],
    threads: [
      (cells) => {
        if (fenced) cells.compareExchange(LEASE, owner(1, 1), 0)
        else cells.store(LEASE, 0)
      },
      (cells) => {
        if (!takesOver(cells, 2, 2)) return
        cells.add(HOLDERS, 1)
        cells.add(HOLDERS, -1)
      },
      (cells) => {
        if (!takesOver(cells, 3, 3)) return
        cells.add(HOLDERS, 1)
        cells.add(HOLDERS, -1)
      },
    ],
  }
}

const target: BrokenTarget = {
  mistake: 'Who gives a lease back does not look whose it is by now.',
  after: 'Kleppmann 2016, fencing tokens; field report 3',
  why: 'A holder that was too slow frees the lease of its successor, and a third is let in beside that one.',
  broken: programOf(false),
  mended: programOf(true),
  caughtBy: {
    invariant: {
      invariant(cells) {
        if (cells.load(HOLDERS) > 1) throw new Error('two hold the one lease')
      },
    },
  },
}

export default target
