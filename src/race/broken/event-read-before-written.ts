import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const HEAD = 0
const EVENT = 1
const STAMP = 2
const OPENED = 7

/** Takes a position, then writes the event there; a stamp says when that is done. */
const tells = (cells: Cells) => {
  cells.add(HEAD, 1)
  cells.store(EVENT, OPENED)
  cells.store(STAMP, 1)
}
const listens = (waitsForStamp: boolean) => (cells: Cells) => {
  if (cells.load(HEAD) === 0 || (waitsForStamp && cells.load(STAMP) === 0)) return
  const event = cells.load(EVENT)
  if (event !== OPENED) throw new Error(`an event of kind ${event}, which there is not`)
}

const programOf = (waitsForStamp: boolean): Program => ({ cells: 3, threads: [tells, listens(waitsForStamp)] })

const target: BrokenTarget = {
  mistake: 'A listener reads every position below the head, whether it is written or only taken.',
  after: 'the Disruptor’s "available" sequence (Thompson et al. 2011), left out',
  why: 'The position is taken, its event not yet written: the listener reads what was there a lap ago.',
  broken: programOf(false),
  mended: programOf(true),
  caughtBy: { assertion: {} },
}

export default target
