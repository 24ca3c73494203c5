import type { BrokenTarget } from '../broken-target.js'
import { Cell, nextOf, Small, SmallBreaker } from '../small/small-breaker.js'
import { type Act, open, pair } from '../small/small-programs.js'
import { endsIn, legalTransitions } from '../small/small-questions.js'

class TimerForgetsToLook extends SmallBreaker {
  /** What the timer does that was set as the circuit opened. */
  protected override transition(from: number, state: number): boolean {
    if (state !== Small.halfOpen) return super.transition(from, state)
    const control = this.cells.load(Cell.control)
    return this.cells.compareExchange(Cell.control, control, nextOf(control, state)) === control
  }
}

const timer: Act = (breaker) => {
  breaker.tryAcquire()
}
const forces: Act = (breaker) => breaker.forceOpen()

const target: BrokenTarget = {
  mistake: 'The timer of the open state makes the circuit half-open without a look at what it has become.',
  after: 'field report 6: resilience4j #991',
  why: 'A person forces it open while the timer fires: forced-open → half-open, and calls go through.',
  ...pair(TimerForgetsToLook, [timer, forces], { initial: open() }),
  caughtBy: { 'legal-transitions': legalTransitions([Small.forcedOpen]), recovery: endsIn(Small.forcedOpen) },
}

export default target
