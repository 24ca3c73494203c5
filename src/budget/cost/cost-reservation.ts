import type { SharedCircuitBreaker } from '../../breaker/shared-circuit-breaker.js'
import type { ActualCost } from './actual-cost.js'
import type { Charge, CostSettlement } from './charge.js'
import { ReservationEndedError } from './errors.js'

/**
 * A call that was let go, and that its maker ends: money reserved, and a permission of the circuit's. Of use in the thread that took it.
 *
 * Each of the three ways to end it is for once; afterwards they throw a `ReservationEndedError`. One that is never ended expires as any
 * reservation does; the circuit's permission is then held until a lease or the thread ends.
 */
export class CostReservation {
  constructor(
    private readonly charge: Charge,
    private readonly circuit: SharedCircuitBreaker,
    private readonly permission: number,
    private readonly costs: ActualCost,
    private readonly ended: () => void,
  ) {}

  /** Micro-units that are reserved. */
  get estimate(): number {
    return this.charge.call.estimate
  }

  /** The call succeeded, and has cost so many micro-units. Default: as estimated. */
  settle(actual = this.estimate): CostSettlement {
    const settlement = this.charge.settle(actual)
    this.circuit.onSuccess(this.permission)
    this.ended()
    return settlement
  }

  /** The call failed. What it has cost all the same is what is said here, or else by `costOfError`, or else nothing. */
  fail(error?: unknown, actual?: number): CostSettlement {
    if (this.charge.isEnded) throw new ReservationEndedError(this.charge.call.request.operation)
    const cost = actual ?? this.costs.ofError(error, this.charge.call)
    let settlement: CostSettlement = { actual: 0, inTime: true, overrun: 0 }
    if (cost === 0) this.charge.release(true)
    else settlement = this.charge.settle(cost, true)
    this.circuit.onError(this.permission, error)
    this.ended()
    return settlement
  }

  /** The call was not made. Nothing was spent, and nothing counts for the circuit. */
  release(): void {
    this.charge.release()
    this.circuit.releasePermission(this.permission)
    this.ended()
  }
}
