import type { BrokenTarget } from '../broken-target.js'
import { Cell, countIn, epochOf, Small, SmallBreaker, tagged } from '../small/small-breaker.js'
import { type Act, halfOpen, pair } from '../small/small-programs.js'
import { endsIn } from '../small/small-questions.js'

class LosesSuccesses extends SmallBreaker {
  protected override countSuccess(permission: number): number {
    const count = countIn(this.cells.load(Cell.probes)) + 64
    this.cells.store(Cell.probes, tagged(epochOf(permission), count))
    return count >> 6
  }
}

const succeeds: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  return permission === 0 ? [] : [breaker.succeed(permission)]
}

const target: BrokenTarget = {
  mistake: 'Successes of probes are counted by a load and a store.',
  after: 'field reports 9 (Hystrix #2108) and 23 (opossum #276)',
  why: 'Two probes succeed, one success is lost: the circuit waits for a success that nobody can bring any more.',
  ...pair(LosesSuccesses, [succeeds, succeeds], { initial: halfOpen(), rules: { permitted: 2 } }),
  caughtBy: { recovery: endsIn(Small.closed) },
}

export default target
