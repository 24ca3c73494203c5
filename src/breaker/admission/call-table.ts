import { NO_SEAT } from './seats.js'

/**
 * What a thread remembers of calls that hold more than a life: a lease, a seat, or the time when they began. One table a
 * thread, in its own memory, so that a permission stays one small number and taking one allocates nothing.
 *
 * A ticket is 32 bits: the code of `open` in bits 0–2, which no other permission has, the row in bits 3–18, and in bits
 * 19–31 how often the row was used. So a ticket that is used twice is found out, until its row was used 8,192 times.
 *
 * Limits. 65,536 calls at once in one thread; the next is refused.
 */
const TICKET_CODE = 2
const ROW_BITS = 16
const ROWS_MAX = 1 << ROW_BITS
const USES_MASK = 0x1fff

/** In place of a lease's index: an ordinary call, and the probe of a thread that is cut off. */
export const NO_LEASE = -1
export const CUT_OFF_PROBE = -2

export class CallTable {
  #lives = new Int32Array(8)
  #leases = new Int32Array(8)
  #claims = new Int32Array(8)
  #uses = new Int32Array(8)
  #seats = new Int32Array(8)
  #stretches = new Int32Array(8)
  #begansMs = new Float64Array(8)
  #free: number[] = [7, 6, 5, 4, 3, 2, 1, 0]

  static isTicket(permission: number): boolean {
    return (permission & 7) === TICKET_CODE
  }

  get isFull(): boolean {
    return this.#free.length === 0 && this.#lives.length === ROWS_MAX
  }

  /** Remembers a call; returns its ticket. */
  enter(life: number, beganMs: number, seat: number, stretch: number, lease: number, claim: number): number {
    if (this.#free.length === 0) this.#grow()
    const row = this.#free.pop() ?? 0
    this.#lives[row] = life
    this.#leases[row] = lease
    this.#claims[row] = claim
    this.#seats[row] = seat
    this.#stretches[row] = stretch
    this.#begansMs[row] = beganMs
    return ((this.#uses[row] ?? 0) << (ROW_BITS + 3)) | (row << 3) | TICKET_CODE
  }

  /** The row of a ticket, whose values stay readable until the next `enter`; -1 if the ticket was used before. */
  leave(ticket: number): number {
    const row = (ticket >>> 3) & (ROWS_MAX - 1)
    if (ticket >>> (ROW_BITS + 3) !== this.#uses[row]) return -1
    this.#uses[row] = ((this.#uses[row] ?? 0) + 1) & USES_MASK
    this.#free.push(row)
    return row
  }

  /** The life of a ticket that was not used yet. */
  lifeOf(ticket: number): number {
    return this.lifeAt((ticket >>> 3) & (ROWS_MAX - 1))
  }

  lifeAt(row: number): number {
    return this.#lives[row] ?? 0
  }

  leaseAt(row: number): number {
    return this.#leases[row] ?? 0
  }

  claimAt(row: number): number {
    return this.#claims[row] ?? 0
  }

  seatAt(row: number): number {
    return this.#seats[row] ?? NO_SEAT
  }

  stretchAt(row: number): number {
    return this.#stretches[row] ?? 0
  }

  beganMsAt(row: number): number {
    return this.#begansMs[row] ?? 0
  }

  /** Takes the seat out of a call that was not reported yet: it is the caller's to give back. */
  takeSeat(ticket: number): number {
    const row = (ticket >>> 3) & (ROWS_MAX - 1)
    if (ticket >>> (ROW_BITS + 3) !== this.#uses[row]) return NO_SEAT
    const seat = this.seatAt(row)
    this.#seats[row] = NO_SEAT
    return seat
  }

  /** The index of the lease that a ticket stands for, `NO_LEASE` or `CUT_OFF_PROBE`. */
  leaseOf(ticket: number): number {
    return this.leaseAt((ticket >>> 3) & (ROWS_MAX - 1))
  }

  #grow(): void {
    const rows = this.#lives.length
    const wider = (words: Int32Array<ArrayBuffer>) => {
      const grown = new Int32Array(rows * 2)
      grown.set(words)
      return grown
    }
    this.#lives = wider(this.#lives)
    this.#leases = wider(this.#leases)
    this.#claims = wider(this.#claims)
    this.#uses = wider(this.#uses)
    this.#seats = wider(this.#seats)
    this.#stretches = wider(this.#stretches)
    const begansMs = new Float64Array(rows * 2)
    begansMs.set(this.#begansMs)
    this.#begansMs = begansMs
    for (let row = rows * 2 - 1; row >= rows; row--) this.#free.push(row)
  }
}
