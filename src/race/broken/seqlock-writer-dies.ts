import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const SEQUENCE = 0
const VALUE = 1
/** Two records in turn, and which of them counts. */
const CURRENT = 2
const RECORDS = 3

const seqlock = {
  write: (cells: Cells) => {
    cells.add(SEQUENCE, 1)
    cells.store(VALUE, 1)
    cells.add(SEQUENCE, 1)
  },
  read: (cells: Cells) => {
    for (;;) {
      const sequence = cells.load(SEQUENCE)
      if (sequence % 2 === 1) continue
      const value = cells.load(VALUE)
      if (cells.load(SEQUENCE) === sequence) return value
    }
  },
}

const records = {
  write: (cells: Cells) => {
    cells.store(RECORDS + 1, 1)
    cells.compareExchange(CURRENT, 0, 1)
  },
  read: (cells: Cells) => cells.load(RECORDS + cells.load(CURRENT)),
}

const programOf = ({ write, read }: typeof seqlock): Program => ({
  cells: 5,
  threads: [write, (cells) => read(cells)],
  deaths: 1,
})

const target: BrokenTarget = {
  mistake: 'What several threads read is kept under a sequence lock, and its writer may be terminated.',
  after: 'field report 40, and a first draft of Busbar’s transition log',
  why: 'The writer dies with the sequence odd: to readers it writes for ever, and they wait for ever.',
  broken: programOf(seqlock),
  mended: programOf(records),
  caughtBy: { livelock: {} },
}

export default target
