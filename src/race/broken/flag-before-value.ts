import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const FLAG = 0
const CONFIGURATION = 1
const SIZE = 100

const initializes = (flagFirst: boolean) => (cells: Cells) => {
  if (cells.load(FLAG) === 0) {
    if (flagFirst) cells.store(FLAG, 1)
    cells.store(CONFIGURATION, SIZE)
    if (!flagFirst) cells.store(FLAG, 1)
  }
  if (cells.load(CONFIGURATION) !== SIZE) throw new Error('initialized, and its configuration is empty')
}

const programOf = (flagFirst: boolean): Program => {
  const body = initializes(flagFirst)
  return { cells: 2, threads: [body, body] }
}

const target: BrokenTarget = {
  mistake: 'The memory says that it is initialized before it is.',
  after: 'double-checked locking (Bacon et al. 2000); attach in field report 18',
  why: 'A second thread finds the flag, and attaches to a configuration of zeros.',
  broken: programOf(true),
  mended: programOf(false),
  caughtBy: { assertion: {} },
}

export default target
