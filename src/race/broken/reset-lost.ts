import type { BrokenTarget } from '../broken-target.js'
import { Cell, nextOf, Small, SmallBreaker, stateOf } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { endsIn } from '../small/small-questions.js'

class TriesOnce extends SmallBreaker {
  protected override toState(state: number): void {
    const control = this.cells.load(Cell.control)
    if (stateOf(control) !== state) this.cells.compareExchange(Cell.control, control, nextOf(control, state))
  }
}

const forces: Act = (breaker) => breaker.forceOpen()
const fails: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  if (permission !== 0) breaker.fail(permission)
}

const target: BrokenTarget = {
  mistake: 'To force the circuit open is tried once, and whether it succeeded is not looked at.',
  after: 'field report 6, from the other side; Hystrix #1781',
  why: 'A failing call opens the circuit in between: the person’s will is lost, and the circuit recovers by itself.',
  ...pair(TriesOnce, [forces, fails], { initial: closed(1) }),
  caughtBy: { recovery: endsIn(Small.forcedOpen) },
}

export default target
