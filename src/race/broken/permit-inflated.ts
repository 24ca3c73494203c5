import type { BrokenTarget } from '../broken-target.js'
import { Cell, epochOf, type Settled, Small, SmallBreaker, stateOf } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { admission } from '../small/small-questions.js'

class Inflates extends SmallBreaker {
  override release(permission: number): Settled {
    const control = this.cells.load(Cell.control)
    if (stateOf(control) !== Small.halfOpen) return super.release(permission)
    if (epochOf(this.cells.load(Cell.probes)) > 0) this.returnProbe(control)
    return 'counted'
  }
}

/** Begun while the circuit was closed; its error is one that is ignored. */
const ignoredLate: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  if (stateOf(permission) === Small.closed) breaker.release(permission)
  return []
}

const failsAndProbes: Act = (breaker) => {
  breaker.fail(breaker.tryAcquire())
  return [breaker.tryAcquire(), breaker.tryAcquire()].map((permission) =>
    stateOf(permission) === Small.halfOpen ? 'admitted' : 'refused',
  )
}

const target: BrokenTarget = {
  mistake: 'An ignored error gives a half-open permission back, also if its call never had one.',
  after: 'field report 38: resilience4j 2.4, 48 stale ignored errors turn 2 permitted calls into 50',
  why: 'The stale release makes room that nobody left: two probes are let through where one is permitted.',
  ...pair(Inflates, [ignoredLate, failsAndProbes], { initial: closed(1), rules: { waitMs: 0 } }),
  caughtBy: { 'half-open-admission': admission(1) },
}

export default target
