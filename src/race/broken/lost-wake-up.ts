import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const READY = 0
const BELL = 1

const waits = (bell: number) => (cells: Cells) => {
  while (cells.load(READY) === 0) cells.wait(bell, 0, Number.POSITIVE_INFINITY)
}
const wakes = (bell: number) => (cells: Cells) => {
  cells.store(READY, 1)
  cells.notify(bell, 1)
}

const programOf = (bell: number): Program => ({ cells: 2, threads: [waits(bell), wakes(bell)] })

const target: BrokenTarget = {
  mistake: 'A thread looks at one cell, and then waits on another.',
  after: 'the textbook: futex(2), Drepper 2011, "Futexes are tricky"',
  why: 'The notification comes after the look and before the wait: nobody waits yet, it is lost, and the thread waits for ever.',
  broken: programOf(BELL),
  mended: programOf(READY),
  caughtBy: { 'lost-wake-up': {} },
}

export default target
