import type { BrokenTarget } from '../broken-target.js'
import { Cell, type Settled, Small, SmallBreaker, stateOf } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { count } from '../small/small-questions.js'

class CountsEarlierCalls extends SmallBreaker {
  override succeed(permission: number): Settled {
    const control = this.cells.load(Cell.control)
    return super.succeed(stateOf(control) === Small.halfOpen ? control : permission)
  }
}

const slow: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  return stateOf(permission) === Small.closed ? [breaker.succeed(permission)] : []
}

const failsAndProbes: Act = (breaker) => {
  breaker.fail(breaker.tryAcquire())
  const permission = breaker.tryAcquire()
  return stateOf(permission) === Small.halfOpen ? ['a probe is under way'] : []
}

const target: BrokenTarget = {
  mistake: 'A call that began before the flip counts as a probe.',
  after: 'field report 26: cep21/circuit',
  why: 'Its success is taken for that of the probe, which is still under way: the circuit closes on a call made before the outage.',
  ...pair(CountsEarlierCalls, [slow, failsAndProbes], { initial: closed(1), rules: { waitMs: 0 } }),
  caughtBy: {
    'stale-results': {
      check(_cells, returned) {
        if (count(returned, 'closed') > 0) throw new Error('closed by a call that began while it was closed')
      },
    },
  },
}

export default target
