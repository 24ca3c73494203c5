import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const CONTROL = 0
const closed = 0
const open = 1
const halfOpen = 2

/** A word with or without the number of its life. */
const word = (state: number, epoch: number, hasEpoch: boolean) => state | (hasEpoch ? epoch << 2 : 0)

function programOf(hasEpoch: boolean): Program {
  const change = (cells: Cells, epoch: number, from: number, to: number) => {
    const before = word(from, epoch, hasEpoch)
    return cells.compareExchange(CONTROL, before, word(to, epoch + 1, hasEpoch)) === before
  }
  return {
    cells: 1,
    threads: [
      // Decided to open in the first life, and slow.
      (cells) =>
        cells.load(CONTROL) === word(closed, 0, hasEpoch) && change(cells, 0, closed, open) ? ['opened'] : [],
      (cells) => [
        ...(change(cells, 0, closed, open) ? ['opened'] : []),
        ...(change(cells, 1, open, halfOpen) && change(cells, 2, halfOpen, closed) ? ['recovered'] : []),
      ],
    ],
  }
}

const target: BrokenTarget = {
  mistake: 'The control word holds the state alone, without a number of its life.',
  after: 'the ABA problem: IBM System/370 Principles of Operation; field report 19',
  why: 'Closed, open, half-open and closed again: to the slow opener it is the word that it has read, and it opens a circuit that has just recovered.',
  broken: programOf(false),
  mended: programOf(true),
  caughtBy: {
    'one-opener': {
      check(_cells, returned) {
        const openers = returned.flat().filter((result) => result === 'opened').length
        if (openers > 1) throw new Error('one life was opened by two threads')
      },
    },
  },
}

export default target
