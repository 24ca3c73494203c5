import type { Cells } from '../../memory/cells.js'
import type { Clock } from '../../world/clock.js'
import type { Configuration } from '../options.js'
import type { MemoryMap } from '../storage/memory-map.js'
import type { WindowMeasure } from '../window.js'
import { CallAges } from './call-ages.js'
import { NO_SEAT, NO_SEAT_FREE, Seats } from './seats.js'

/** How often a thread looks for stalled calls: so many times in their age. */
const LOOKS_PER_AGE = 8

/** What the configuration says about calls under way: how many there may be, and how many may be stalled. */
export class InFlight {
  readonly #seats: Seats
  readonly #ages: CallAges
  #looksAgainMs = Number.NEGATIVE_INFINITY

  constructor(cells: Cells, map: MemoryMap, slot: number) {
    this.#seats = new Seats(cells, map, slot)
    this.#ages = new CallAges(cells, map, slot)
  }

  /** Whether a call must be followed to its end. */
  matters({ maxConcurrentCalls, stalledCalls }: Configuration): boolean {
    return maxConcurrentCalls !== undefined || stalledCalls !== undefined
  }

  /** A seat if there is a limit; `isFull` says whether there was one. */
  take({ maxConcurrentCalls }: Configuration): number {
    return maxConcurrentCalls === undefined ? NO_SEAT : this.#seats.take(maxConcurrentCalls)
  }

  isFull(seat: number): boolean {
    return seat === NO_SEAT_FREE
  }

  giveBack(seat: number): void {
    this.#seats.giveBack(seat)
  }

  get seatsTaken(): number {
    return this.#seats.taken
  }

  /** A call begins; returns what `leave` wants. */
  enter(life: number, nowMs: number, { stalledCalls }: Configuration): number {
    return stalledCalls ? this.#ages.enter(life, nowMs, stalledCalls.ageMs) : 0
  }

  leave(life: number, stretch: number): void {
    this.#ages.leave(life, stretch)
  }

  /** If so many calls are stalled that the circuit should open: how many (as failures), else undefined. */
  stalled(life: number, { stalledCalls }: Configuration, clock: Clock): WindowMeasure | undefined {
    if (!stalledCalls) return undefined
    const now = clock.nowMs()
    if (now < this.#looksAgainMs) return undefined
    const failures = this.#ages.stalled(life, now, stalledCalls.ageMs)
    if (failures >= stalledCalls.count) return { calls: failures, failures, slow: failures }
    this.#looksAgainMs = now + stalledCalls.ageMs / LOOKS_PER_AGE
    return undefined
  }
}
