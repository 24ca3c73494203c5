import type { Body, Program, ThreadWorld } from '../../explore/program.js'
import type { BrokenTarget } from '../broken-target.js'

const COUNT = 0
const NUMBER = 1
const BUCKET_MS = 100
const THRESHOLD = 5

/** The bucket holds four failures of long ago; another window of time begins at a moment that the explorer chooses. */
function programOf(tagged: boolean): Program {
  const fails: Body<ThreadWorld> = (cells, _call, { clock }) => {
    const began = Math.floor(clock.nowMs() / BUCKET_MS)
    if (tagged && cells.load(NUMBER) !== began) {
      cells.store(NUMBER, began)
      cells.store(COUNT, 0)
    }
    const failures = cells.add(COUNT, 1) + 1
    return [began > 0 && failures >= THRESHOLD ? 'opened' : 'counted']
  }
  return { cells: 2, initial: [4, 0], threads: [fails], clock: { startMs: 0, ticksMs: [BUCKET_MS * 50] } }
}

const target: BrokenTarget = {
  mistake:
    'A bucket does not say of which time it is; it is cleared by the next result of the next bucket, if there is one.',
  after: 'field report 24: cockatiel #64, four failures, five idle minutes, one failure',
  why: 'After an idle gap nothing has cleared it: one new failure is counted with four of long ago, and the circuit opens.',
  broken: programOf(false),
  mended: programOf(true),
  caughtBy: {
    conservation: {
      check(_cells, [result]) {
        if (String(result) === 'opened') throw new Error('opened by one failure in this window')
      },
    },
  },
}

export default target
