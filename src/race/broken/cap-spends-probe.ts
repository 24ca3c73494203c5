import type { BrokenTarget } from '../broken-target.js'
import { Cell, Small, SmallBreaker, stateOf } from '../small/small-breaker.js'
import { type Act, halfOpen, programOf } from '../small/small-programs.js'

const LIMIT = 1

/** A breaker with a limit of calls under way. */
class Capped extends SmallBreaker {
  override tryAcquire(): number {
    const permission = super.tryAcquire()
    if (permission === 0) return 0
    if (this.cells.add(Cell.inFlight, 1) < LIMIT) return permission
    this.cells.sub(Cell.inFlight, 1)
    this.refusedByCap(permission)
    return 0
  }

  protected refusedByCap(permission: number): void {
    this.release(permission)
  }
}

class SpendsProbe extends Capped {
  protected override refusedByCap(): void {}
}

const probes: Act = (breaker, _call, cells) => {
  const permission = breaker.tryAcquire()
  if (permission === 0) return
  cells.sub(Cell.inFlight, 1)
  breaker.release(permission)
}

const setting = { initial: halfOpen(), rules: { permitted: 2 } }

const target: BrokenTarget = {
  mistake: 'A call refused by the limit of calls under way keeps the half-open permission that it had been given.',
  after: 'field report 27: cep21/circuit',
  why: 'Both are given a probe, one is refused by the limit: its permission is gone, and nobody will report for it.',
  broken: programOf(SpendsProbe, [probes, probes], setting),
  mended: programOf(Capped, [probes, probes], setting),
  caughtBy: {
    conservation: {
      check(cells) {
        const out = cells.load(Cell.probes) & 63
        const isHalfOpen = stateOf(cells.load(Cell.control)) === Small.halfOpen
        if (isHalfOpen && out > 0) throw new Error(`${out} permissions are out, and nobody has one`)
      },
    },
  },
}

export default target
