import type { BrokenTarget } from '../broken-target.js'
import { Cell, type Settled, Small, SmallBreaker, stateOf } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { count } from '../small/small-questions.js'

class StaleSuccessCloses extends SmallBreaker {
  override succeed(permission: number): Settled {
    const control = this.cells.load(Cell.control)
    if (stateOf(control) === Small.halfOpen) return this.transition(control, Small.closed) ? 'closed' : 'stale'
    return super.succeed(permission)
  }
}

/** Begun while the circuit was closed, and slow. */
const slow: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  return stateOf(permission) === Small.closed ? [breaker.succeed(permission)] : []
}

const failsAndProbes: Act = (breaker) => {
  breaker.fail(breaker.tryAcquire())
  return [breaker.tryAcquire() === 0 ? 'refused' : 'probing']
}

const target: BrokenTarget = {
  mistake: 'A success closes a half-open circuit, whichever call it is of.',
  after: 'field reports 22 (opossum #381, #484), 26 and 31',
  why: 'A call begun while the circuit was closed ends while a probe is under way: it closes the circuit, and nobody has probed.',
  ...pair(StaleSuccessCloses, [slow, failsAndProbes], { initial: closed(1), rules: { waitMs: 0 } }),
  caughtBy: {
    'stale-results': {
      check(_cells, returned) {
        if (count(returned, 'closed') > 0) throw new Error('closed by a call that began before it opened')
      },
    },
  },
}

export default target
