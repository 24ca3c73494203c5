import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const LOCK = 0
const INSIDE = 1
const TRIES = 2

/** Tries for the lock, gives up if it is long in coming, and cleans up in any case. */
const works =
  (frees: (cells: Cells, thread: number, got: boolean) => void) =>
  (cells: Cells, _call: unknown, { thread }: { thread: number }) => {
    const own = thread + 1
    let got = false
    for (let attempt = 0; attempt < TRIES && !got; attempt++) got = cells.compareExchange(LOCK, 0, own) === 0
    if (got) {
      if (cells.add(INSIDE, 1) !== 0) throw new Error('two are inside')
      cells.sub(INSIDE, 1)
    }
    frees(cells, own, got)
  }

const freesAlways = (cells: Cells) => cells.store(LOCK, 0)
const freesItsOwn = (cells: Cells, own: number, got: boolean) => {
  if (got) cells.compareExchange(LOCK, own, 0)
}

const programOf = (frees: (cells: Cells, own: number, got: boolean) => void): Program => {
  const body = works(frees)
  return { cells: 2, threads: [body, body, body] }
}

const target: BrokenTarget = {
  mistake: 'A “finally” frees the lock, also where the lock was not got.',
  after: 'field report 17: failsafe #32; Redis locks released by whoever times out',
  why: 'One that gave up frees the lock of the one inside, and a third comes in beside that.',
  broken: programOf(freesAlways),
  mended: programOf(freesItsOwn),
  caughtBy: { assertion: {} },
}

export default target
