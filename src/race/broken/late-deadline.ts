import type { BrokenTarget } from '../broken-target.js'
import { Cell, epochIn, epochOf, Small, SmallBreaker, stateOf, tagged } from '../small/small-breaker.js'
import { type Act, closed, pair } from '../small/small-programs.js'

class LateDeadline extends SmallBreaker {
  protected override publishDeadline(epoch: number, atMs: number): void {
    this.cells.store(Cell.deadline, tagged(epoch, atMs))
  }
}

const fails: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  if (permission !== 0) breaker.fail(permission)
}

/** Opens it, probes in vain, and so opens it once more. */
const failsTwice: Act = (breaker) => {
  for (let call = 0; call < 2; call++) {
    const permission = breaker.tryAcquire()
    if (permission !== 0) breaker.fail(permission)
  }
}

const target: BrokenTarget = {
  mistake: 'Who opens the circuit stores its deadline, whatever is there.',
  after: 'field report 19: pybreaker #24; field report 10: Hystrix #1806',
  why: 'A slow opener of an earlier life stores its deadline over that of the life in force, which then has none.',
  ...pair(LateDeadline, [fails, failsTwice], { initial: closed(1), rules: { waitMs: 0 } }),
  caughtBy: {
    conservation: {
      check(cells) {
        const control = cells.load(Cell.control)
        const deadline = cells.load(Cell.deadline)
        if (stateOf(control) === Small.open && epochIn(deadline) !== epochOf(control)) {
          throw new Error(`open in epoch ${epochOf(control)}, with the deadline of epoch ${epochIn(deadline)}`)
        }
      },
    },
  },
}

export default target
