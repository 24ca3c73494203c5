import type { BrokenTarget } from '../broken-target.js'
import { Cell, epochOf, Small, SmallBreaker, stateOf, tagged } from '../small/small-breaker.js'
import { type Act, NOW_MS, open, pair } from '../small/small-programs.js'

class AttachRestamps extends SmallBreaker {
  constructor(...parts: ConstructorParameters<typeof SmallBreaker>) {
    super(...parts)
    const control = this.cells.load(Cell.control)
    if (stateOf(control) !== Small.open) return
    this.cells.store(Cell.deadline, tagged(epochOf(control), this.clock.nowMs() + this.rules.waitMs))
  }
}

const LEFT_MS = 5
const asks: Act = (breaker) => [breaker.tryAcquire()]

const target: BrokenTarget = {
  mistake: 'To attach to an open circuit begins its wait anew.',
  after: 'field reports 19 and 20: pybreaker #24, #36',
  why: 'Each worker that starts puts the end of the wait off; if they start faster than it passes, the circuit stays open for ever.',
  ...pair(AttachRestamps, [asks, asks], { initial: open(LEFT_MS) }),
  caughtBy: {
    recovery: {
      check(cells) {
        const deadline = cells.load(Cell.deadline)
        if (deadline !== tagged(2, NOW_MS + LEFT_MS))
          throw new Error('the wait was begun anew by somebody who attached')
      },
    },
  },
}

export default target
