import type { Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { BrokenTarget } from '../broken-target.js'

const COUNT = 0

const readsOnce = (cells: Cells) => {
  const count = cells.load(COUNT)
  while (cells.compareExchange(COUNT, count, count + 1) !== count);
}
const readsAgain = (cells: Cells) => {
  for (;;) {
    const count = cells.load(COUNT)
    if (cells.compareExchange(COUNT, count, count + 1) === count) return
  }
}

const programOf = (body: (cells: Cells) => void): Program => ({ cells: 1, threads: [body, body] })

const target: BrokenTarget = {
  mistake: 'An exchange that failed is tried again with what was read before.',
  after: 'field report 4: resilience4j #2038, endless retries while another thread transitions',
  why: 'What it compares with never comes back: it goes round for ever.',
  broken: programOf(readsOnce),
  mended: programOf(readsAgain),
  caughtBy: { livelock: {} },
}

export default target
