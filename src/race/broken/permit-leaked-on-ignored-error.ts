import type { BrokenTarget } from '../broken-target.js'
import { Cell, type Settled, Small, SmallBreaker, stateOf } from '../small/small-breaker.js'
import { type Act, halfOpen, pair } from '../small/small-programs.js'

class LeaksIgnored extends SmallBreaker {
  override release(permission: number): Settled {
    return this.isStale(permission) ? 'stale' : 'counted'
  }
}

const ignores: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  if (permission !== 0) breaker.release(permission)
}

const target: BrokenTarget = {
  mistake: 'A probe that ends with an ignored error does not give its permission back.',
  after: 'field reports 2 (resilience4j #544) and 15 (Polly #1979)',
  why: 'Once both probes were ignored, nobody is under way and nobody is let through: the circuit is half-open for ever.',
  ...pair(LeaksIgnored, [ignores, ignores], { initial: halfOpen(), rules: { permitted: 2 } }),
  caughtBy: {
    recovery: {
      check(cells) {
        const isFull = (cells.load(Cell.probes) & 63) === 2
        if (stateOf(cells.load(Cell.control)) === Small.halfOpen && isFull)
          throw new Error('half-open, and no probe is left to take')
      },
    },
    conservation: {
      check(cells) {
        const out = cells.load(Cell.probes) & 63
        if (out !== 0) throw new Error(`${out} permissions are out, and nobody has one`)
      },
    },
  },
}

export default target
