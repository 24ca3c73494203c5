import type { BrokenTarget } from '../broken-target.js'
import { Cell, nextOf, SmallBreaker } from '../small/small-breaker.js'
import { type Act, open, pair } from '../small/small-programs.js'
import { legalTransitions } from '../small/small-questions.js'

class Stores extends SmallBreaker {
  protected override transition(from: number, state: number): boolean {
    this.cells.store(Cell.control, nextOf(from, state))
    return true
  }
}

/** A probe that succeeds. */
const probes: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  return permission === 0 ? [] : [breaker.succeed(permission)]
}

const target: BrokenTarget = {
  mistake: 'The control word is stored, not exchanged.',
  after: 'field report 5: resilience4j #562, #646, #674',
  why: 'One thread has made the circuit half-open and closed it again; the other, which found it open, stores half-open over that: closed → half-open.',
  ...pair(Stores, [probes, probes], { initial: open() }),
  caughtBy: { 'legal-transitions': legalTransitions() },
}

export default target
