import type { BrokenTarget } from '../broken-target.js'
import { Cell, type Settled, SmallBreaker } from '../small/small-breaker.js'
import { type Act, closed, programOf } from '../small/small-programs.js'

/** A breaker that counts the calls under way. */
class Counting extends SmallBreaker {
  override tryAcquire(): number {
    const permission = super.tryAcquire()
    if (permission !== 0) this.cells.add(Cell.inFlight, 1)
    return permission
  }

  override fail(permission: number): Settled {
    this.cells.sub(Cell.inFlight, 1)
    return super.fail(permission)
  }
}

class ResetClears extends Counting {
  /** A new life, so nobody is under way in it. */
  override reset(): void {
    super.reset()
    this.cells.store(Cell.inFlight, 0)
  }
}

const fails: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  if (permission !== 0) breaker.fail(permission)
}
const resets: Act = (breaker) => breaker.reset()

const target: BrokenTarget = {
  mistake: 'A reset clears the count of calls under way, and those that are under way count down all the same.',
  after: 'field report 28: k8s-breakglass #981',
  why: 'The result of a call of the earlier life is subtracted from a count that no longer has it: it falls below zero.',
  broken: programOf(ResetClears, [fails, resets], { initial: closed() }),
  mended: programOf(Counting, [fails, resets], { initial: closed() }),
  caughtBy: {
    invariant: {
      invariant(cells) {
        const underWay = cells.load(Cell.inFlight)
        if (underWay < 0) throw new Error(`${underWay} calls are under way`)
      },
    },
    conservation: {
      check(cells) {
        const left = cells.load(Cell.inFlight)
        if (left !== 0) throw new Error(`all calls are over, and ${left} are counted as under way`)
      },
    },
  },
}

export default target
