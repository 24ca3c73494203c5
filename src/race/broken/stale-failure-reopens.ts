import type { BrokenTarget } from '../broken-target.js'
import { Cell, type Settled, Small, SmallBreaker, stateOf } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { count } from '../small/small-questions.js'

class StaleFailureReopens extends SmallBreaker {
  override fail(permission: number): Settled {
    const control = this.cells.load(Cell.control)
    if (stateOf(control) === Small.halfOpen) return this.open(control) ? 'opened' : 'stale'
    return super.fail(permission)
  }
}

const failsOnce: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  return stateOf(permission) === Small.closed ? [breaker.fail(permission)] : ['a probe']
}

const failsAndProbes: Act = (breaker) => {
  breaker.fail(breaker.tryAcquire())
  const permission = breaker.tryAcquire()
  if (stateOf(permission) !== Small.halfOpen) return ['no probe']
  return [breaker.succeed(permission) === 'stale' ? 'probe in vain' : 'probed']
}

const target: BrokenTarget = {
  mistake: 'A failure re-opens a half-open circuit, whichever call it is of.',
  after: 'field report 31: opossum 10',
  why: 'A call begun while the circuit was closed fails while a probe is under way: the circuit re-opens, and the success of its probe is stale.',
  ...pair(StaleFailureReopens, [failsOnce, failsAndProbes], { initial: closed(1), rules: { waitMs: 0 } }),
  caughtBy: {
    'stale-results': {
      check(_cells, returned) {
        if (count(returned, 'probe in vain') > 0) throw new Error('the only probe succeeded, and did not count')
      },
    },
  },
}

export default target
