import type { Clock } from '../../world/clock.js'
import type { Configuration } from '../options.js'
import { CallTable, NO_LEASE } from './call-table.js'
import type { InFlight } from './in-flight.js'
import { NO_SEAT } from './seats.js'

/** The calls of this thread that are followed to their end, because they hold a lease or a seat, or are timed. */
export class FollowedCalls {
  readonly #table = new CallTable()
  #retired = false

  constructor(
    private readonly inFlight: InFlight,
    private readonly clock: Clock,
  ) {}

  /** Whether every call must be followed. */
  matter(configuration: Configuration): boolean {
    return configuration.slowCallDurationThresholdMs !== undefined || this.inFlight.matters(configuration)
  }

  get isFull(): boolean {
    return this.#table.isFull
  }

  /** Returns the call's ticket. */
  enter(life: number, seat: number, lease: number, claim: number, configuration: Configuration): number {
    const now = this.clock.nowMs()
    return this.#table.enter(life, now, seat, this.inFlight.enter(life, now, configuration), lease, claim)
  }

  /** The call has ended: its row in `table`, until the next one begins; -1 if it had ended before. */
  leave(ticket: number): number {
    const row = this.#table.leave(ticket)
    if (row < 0) return row
    this.inFlight.giveBack(this.#table.seatAt(row))
    this.inFlight.leave(this.#table.lifeAt(row), this.#table.stretchAt(row))
    return row
  }

  get table(): CallTable {
    return this.#table
  }

  isSlow(row: number, { slowCallDurationThresholdMs: threshold }: Configuration): boolean {
    return threshold !== undefined && this.clock.nowMs() - this.#table.beganMsAt(row) >= threshold
  }

  isProbe(permission: number): boolean {
    return CallTable.isTicket(permission) && this.#table.leaseOf(permission) !== NO_LEASE
  }

  /** The life in which a permission that was not reported yet was given. */
  lifeOf(permission: number): number {
    return CallTable.isTicket(permission) ? this.#table.lifeOf(permission) : permission
  }

  /** Takes the seat out of a call whose caller waits no longer; `leaveSeat` gives it back when the action has ended. */
  keepSeat(permission: number): number {
    return CallTable.isTicket(permission) && !this.#retired ? this.#table.takeSeat(permission) : NO_SEAT
  }

  leaveSeat(seat: number): void {
    if (!this.#retired) this.inFlight.giveBack(seat)
  }

  /** The seats are given back by whoever frees the thread's slot. */
  retire(): void {
    this.#retired = true
  }
}
