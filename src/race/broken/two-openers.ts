import type { BrokenTarget } from '../broken-target.js'
import { Cell, nextOf, SmallBreaker } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { atMost } from '../small/small-questions.js'

class TwoOpeners extends SmallBreaker {
  protected override transition(from: number, state: number): boolean {
    if (this.cells.load(Cell.control) !== from) return false
    this.cells.store(Cell.control, nextOf(from, state))
    return true
  }
}

const fails: Act = (breaker) => [breaker.fail(breaker.tryAcquire())]

const target: BrokenTarget = {
  mistake: 'A transition looks at the control word, and then stores the next one.',
  after: 'field report 14: Polly #216, duplicate "opened" events',
  why: 'Two threads whose failures both reach the threshold find it closed, and both have opened it.',
  ...pair(TwoOpeners, [fails, fails], { initial: closed(1) }),
  caughtBy: { 'one-opener': atMost(1, 'opened') },
}

export default target
