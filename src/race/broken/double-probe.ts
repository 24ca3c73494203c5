import type { BrokenTarget } from '../broken-target.js'
import { Cell, countIn, epochIn, epochOf, SmallBreaker, tagged } from '../small/small-breaker.js'
import { type Act, open, pair } from '../small/small-programs.js'
import { admission } from '../small/small-questions.js'

class DoubleProbe extends SmallBreaker {
  protected override claimProbe(permission: number): boolean {
    const probes = this.cells.load(Cell.probes)
    const own = epochIn(probes) === epochOf(permission) ? countIn(probes) : 0
    if (own >= this.rules.permitted) return false
    this.cells.store(Cell.probes, tagged(epochOf(permission), own + 1))
    return true
  }
}

const ask: Act = (breaker) => [breaker.tryAcquire() === 0 ? 'refused' : 'admitted']

const target: BrokenTarget = {
  mistake: 'A half-open circuit looks whether a probe is left, and takes it in a second step.',
  after: 'field report 1: resilience4j #1432',
  why: 'Two threads see the last probe before either takes it; both are admitted, which the count of admissions shows.',
  ...pair(DoubleProbe, [ask, ask], { initial: open() }),
  caughtBy: { 'half-open-admission': admission(1) },
}

export default target
