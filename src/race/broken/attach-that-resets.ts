import type { BrokenTarget } from '../broken-target.js'
import { Cell, controlOf, Small, SmallBreaker } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { legalTransitions } from '../small/small-questions.js'

class AttachResets extends SmallBreaker {
  constructor(...parts: ConstructorParameters<typeof SmallBreaker>) {
    super(...parts)
    this.cells.store(Cell.control, controlOf(1, Small.closed))
  }
}

/** Attached when the first call comes. */
const fails: Act = (breaker) => [breaker.fail(breaker.tryAcquire())]

const target: BrokenTarget = {
  mistake: 'To attach to a circuit writes the state in which a new one begins.',
  after: 'field report 18: pybreaker #26',
  why: 'A worker that starts a little later closes the circuit that another has just opened, and turns its epoch back.',
  ...pair(AttachResets, [fails, fails], { initial: closed(1) }),
  caughtBy: { 'legal-transitions': legalTransitions() },
}

export default target
