import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const STATE = 0
const EPOCH = 1
const WORD = 2
const open = 1

/** Each transition makes a new epoch, so whoever reads a state and an epoch must have read those of one life. */
const seen = ([state, epoch]: readonly [number, number]) => {
  if (state !== epoch % 2) throw new Error(`state ${state} with epoch ${epoch}: no life of the circuit was that`)
}

const twoWords = {
  opens: (cells: Cells) => {
    cells.store(STATE, open)
    cells.store(EPOCH, 1)
  },
  looks: (cells: Cells) => seen([cells.load(STATE), cells.load(EPOCH)]),
}

const oneWord = {
  opens: (cells: Cells) => cells.store(WORD, (1 << 1) | open),
  looks: (cells: Cells) => {
    const word = cells.load(WORD)
    seen([word & 1, word >> 1])
  },
}

function programOf({ opens, looks }: typeof oneWord): Program {
  return { cells: 3, threads: [opens, looks] }
}

const target: BrokenTarget = {
  mistake: 'State and epoch are two words, written one after the other.',
  after: 'design.md, "one control word"; field report 22: all state flags false at once',
  why: 'A reader between the two stores sees the state of one life with the epoch of another.',
  broken: programOf(twoWords),
  mended: programOf(oneWord),
  caughtBy: {
    assertion: {},
    invariant: {
      invariant: (cells) =>
        seen([cells.load(STATE) || cells.load(WORD) & 1, cells.load(EPOCH) || cells.load(WORD) >> 1]),
    },
  },
}

export default target
