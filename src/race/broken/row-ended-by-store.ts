import type { BrokenTarget } from '../broken-target.js'
import { Cell, epochOf, Small, SmallBreaker, tagged } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'
import { count } from '../small/small-questions.js'

class StoresZero extends SmallBreaker {
  protected override endRow(permission: number): void {
    if (this.cells.load(Cell.failures) !== tagged(epochOf(permission), 0)) {
      this.cells.store(Cell.failures, tagged(epochOf(permission), 0))
    }
  }
}

/** A call of the first life. */
const succeeds: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  return epochOf(permission) === 1 ? [breaker.succeed(permission)] : []
}

/** Opens the circuit, closes it again by a probe, and then fails once: a row of one in the new life. */
const livesOn: Act = (breaker) => {
  breaker.fail(breaker.tryAcquire())
  const probe = breaker.tryAcquire()
  if ((probe & 3) !== Small.halfOpen || breaker.succeed(probe) !== 'closed') return []
  return [`then ${breaker.fail(breaker.tryAcquire())}`]
}

const target: BrokenTarget = {
  mistake: 'A success ends the row of failures by a plain store.',
  after: 'field report 8: resilience4j #1335; gobreaker’s generations',
  why: 'The success of an earlier life stores its empty row over a failure of the life in force, which is then not counted.',
  ...pair(StoresZero, [succeeds, livesOn], { initial: closed(1), rules: { waitMs: 0 } }),
  caughtBy: {
    'no-lost-update': {
      check(cells, returned) {
        const failed = count(returned, 'then counted') > 0
        if (failed && cells.load(Cell.failures) !== tagged(epochOf(cells.load(Cell.control)), 1)) {
          throw new Error('a failure of this life is no longer in its row')
        }
      },
    },
  },
}

export default target
