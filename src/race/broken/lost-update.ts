import type { Specification } from '../../history/specification.js'
import type { BrokenTarget } from '../broken-target.js'
import { Cell, countIn, epochOf, Small, SmallBreaker, tagged } from '../small/small-breaker.js'
import { type Act, pair } from '../small/small-programs.js'
import { endsIn } from '../small/small-questions.js'

class LostUpdate extends SmallBreaker {
  protected override countFailure(permission: number): number {
    const failures = countIn(this.cells.load(Cell.failures)) + 1
    this.cells.store(Cell.failures, tagged(epochOf(permission), failures))
    return failures
  }
}

const failOnce: Act = (breaker, call) => {
  const permission = breaker.tryAcquire()
  return [call('fail', () => breaker.fail(permission))]
}

/** The second failure opens. */
const specification: Specification<number, string, string> = {
  initial: 0,
  apply: (failures, _fail, result) => {
    const expected = failures + 1 < 2 ? 'counted' : 'opened'
    return result === undefined || result === expected ? failures + 1 : undefined
  },
}

const target: BrokenTarget = {
  mistake: 'Failures are counted by a load and a store.',
  after: 'the textbook, and the original suite: a tolerance of 10 % hid it',
  why: 'Both threads load 0 before either stores 1: two failures are counted as one, and the circuit stays closed.',
  ...pair(LostUpdate, [failOnce, failOnce]),
  caughtBy: { 'no-lost-update': endsIn(Small.open), linearizability: { specification } },
}

export default target
