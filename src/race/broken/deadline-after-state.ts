import type { BrokenTarget } from '../broken-target.js'
import { Cell, epochOf, nextOf, Small, SmallBreaker } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { admission } from '../small/small-questions.js'

class DeadlineAfterState extends SmallBreaker {
  protected override open(from: number): boolean {
    const opened = this.transition(from, Small.open)
    if (opened) this.publishDeadline(epochOf(nextOf(from, Small.open)), this.clock.nowMs() + this.rules.waitMs)
    return opened
  }
}

const fails: Act = (breaker) => [breaker.fail(breaker.tryAcquire())]

/** Whether a call was let through as a probe, although no wait can be over. */
const asks: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  return [(permission & 3) === Small.halfOpen ? 'admitted' : 'refused']
}

const target: BrokenTarget = {
  mistake: 'The circuit becomes open before it says until when.',
  after: 'field report 11: sentinel-golang #408',
  why: 'Between the two, a caller finds an open life without a deadline, takes its wait for over, and probes at once.',
  ...pair(DeadlineAfterState, [fails, asks], { initial: closed(1) }),
  caughtBy: {
    'half-open-admission': admission(0),
    'legal-transitions': {
      onWrite(cell, before, after) {
        if (cell !== Cell.control) return
        if ((before & 3) === Small.open && (after & 3) === Small.halfOpen)
          throw new Error('open → half-open before its time')
      },
    },
  },
}

export default target
