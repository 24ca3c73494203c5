import type { BrokenTarget } from '../broken-target.js'
import { Cell, epochOf, Small, SmallBreaker, stateOf, tagged } from '../small/small-breaker.js'
import { type Act, halfOpen, programOf } from '../small/small-programs.js'

/** A permission is a slot with the number of its holder. */
class Leased extends SmallBreaker {
  static readonly slot = Cell.free

  protected override claimProbe(permission: number): boolean {
    return this.cells.compareExchange(Leased.slot, 0, epochOf(permission)) === 0
  }

  /** Whoever sees a thread end gives back what it held. */
  bury(): void {
    this.cells.exchange(Leased.slot, 0)
  }
}

const probes: Act = (breaker) => {
  const permission = breaker.tryAcquire()
  return permission === 0 ? ['refused'] : [breaker.succeed(permission)]
}

const setting = { initial: halfOpen(), deaths: 1 }
const acts = [probes]

const target: BrokenTarget = {
  mistake: 'The permission of a probe whose thread was terminated is not given back.',
  after: 'field reports 3 (resilience4j #935) and 32 (opossum)',
  why: 'The only prober dies: the permission is out for ever, and nobody is let through any more.',
  broken: programOf(SmallBreaker, acts, setting),
  mended: {
    ...programOf(Leased, acts, setting),
    onDeath: (cells, _call, world) => new Leased(cells, world.clock).bury(),
  },
  caughtBy: {
    recovery: {
      check(cells, [result]) {
        const isHalfOpen = stateOf(cells.load(Cell.control)) === Small.halfOpen
        const isOut = cells.load(Cell.probes) === tagged(3, 1) || cells.load(Leased.slot) !== 0
        if (result === undefined && isHalfOpen && isOut)
          throw new Error('its prober is dead, and its permission is out')
      },
    },
  },
}

export default target
