import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const READY = 0

const waits = (cells: Cells) => {
  cells.wait(READY, 0, Number.POSITIVE_INFINITY)
}
const wakesTooEarly = (cells: Cells) => {
  cells.notify(READY, 1)
  cells.store(READY, 1)
}
const wakes = (cells: Cells) => {
  cells.store(READY, 1)
  cells.notify(READY, 1)
}

const programOf = (waker: (cells: Cells) => void): Program => ({ cells: 1, threads: [waits, waker] })

const target: BrokenTarget = {
  mistake: 'A thread notifies, and stores what the others wait for only then.',
  after: 'the textbook: Drepper 2011, "Futexes are tricky"',
  why: 'Between the two, another finds the old value and begins to wait: its notification has come already.',
  broken: programOf(wakesTooEarly),
  mended: programOf(wakes),
  caughtBy: { 'lost-wake-up': {} },
}

export default target
