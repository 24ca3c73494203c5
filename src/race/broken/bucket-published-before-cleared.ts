import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const NUMBER = 0
const COUNT = 1
const TAGGED = 2
const now = 1

/** A bucket of the window before holds 3 failures; the first result of this one makes it new. */
const publishesFirst = (cells: Cells) => {
  if (cells.load(NUMBER) !== now && cells.compareExchange(NUMBER, 0, now) === 0) cells.store(COUNT, 0)
  cells.add(COUNT, 1)
}

/** Number and count in one word: nobody sees one without the other. */
const oneWord = (cells: Cells) => {
  for (;;) {
    const word = cells.load(TAGGED)
    const next = word >> 8 === now ? word + 1 : (now << 8) | 1
    if (cells.compareExchange(TAGGED, word, next) === word) return
  }
}

const programOf = (body: (cells: Cells) => void): Program => ({ cells: 3, initial: [0, 3, 3], threads: [body, body] })

const target: BrokenTarget = {
  mistake: 'A bucket gets its new number before its old count is cleared.',
  after: 'field report 25: cep21/circuit faststats',
  why: 'A second thread finds the new number, counts, and its failure is wiped by the first, which clears only then.',
  broken: programOf(publishesFirst),
  mended: programOf(oneWord),
  caughtBy: {
    'no-lost-update': {
      check(cells) {
        const counted = cells.load(NUMBER) === now ? cells.load(COUNT) : cells.load(TAGGED) & 0xff
        if (counted !== 2) throw new Error(`two failures in this bucket, ${counted} are counted`)
      },
    },
  },
}

export default target
