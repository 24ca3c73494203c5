import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const LOCK = 0
const COUNT = 1

function countUnderLock(cells: Cells): void {
  while (cells.compareExchange(LOCK, 0, 1) !== 0);
  cells.store(COUNT, cells.load(COUNT) + 1)
  cells.store(LOCK, 0)
}

function countAtOnce(cells: Cells): void {
  cells.add(COUNT, 1)
}

const programOf = (body: (cells: Cells) => void): Program => ({ cells: 2, threads: [body, body], deaths: 1 })

const target: BrokenTarget = {
  mistake: 'Results are counted under a spin lock, and a thread may be terminated while it holds it.',
  after: 'field report 40: worker.terminate() left the lock held in 5 of 60 runs',
  why: 'The thread dies between taking the lock and giving it back; the other one spins for ever.',
  broken: programOf(countUnderLock),
  mended: programOf(countAtOnce),
  caughtBy: { livelock: {} },
}

export default target
