import { neverUsed } from '../../breaker/threads/thread-slots.js'
import type { Cells } from '../../memory/cells.js'
import type { CostMap } from './cost-map.js'

/**
 * What each thread counts of a breaker's calls and their money, on a line that it alone writes.
 *
 * Map. Words of 64 bits, two cells each; every one only ever grows, over all threads that use the slot one after another.
 *
 * Protocol. Write: one addition of 64 bits. Read: one load of 64 bits for each slot, and their sum.
 *
 * Why safe. A word is one operation, so none is seen torn, and a thread that dies has counted all of an amount or nothing. A sum lies
 * between its values at the sum's beginning and end. The operation may allocate a BigInt, which is little beside a call that
 * costs money; a refusal of the circuit's, which must cost nothing, is counted by the circuit alone.
 *
 * Breaks if two threads share a slot's line and store sums instead of adding, or if money were two halves of which a thread that dies writes one.
 */
export const Count = {
  /** Calls that ran, or whose two-step reservation was given. */
  allowed: 0,
  /** Calls that a throttle put off, whatever became of them then. */
  delayed: 2,
  refusedByRule: 4,
  refusedByThrottle: 6,
  refusedByBudget: 8,
  /** Reservations of which nothing was spent. */
  released: 10,
  /** Settlements after the reservation had expired. */
  late: 12,
  /** Micro-units: estimates of calls that were allowed. */
  estimated: 14,
  /** Micro-units: what calls have cost. */
  actual: 16,
  /** Micro-units: what some budget had no room for, and was spent all the same. */
  overrun: 18,
  /** Micro-units: estimates of calls that were refused for cost. */
  savings: 20,
} as const
type CountName = keyof typeof Count

/** Each name with its sum over all threads that ever were. */
export type CostSums = Readonly<Record<CountName, number>>

const names = Object.keys(Count) as CountName[]

/** One thread's counters of one breaker. */
export class CostCounters {
  readonly #line: number

  constructor(
    private readonly cells: Cells,
    map: CostMap,
    breaker: number,
    slot: number,
  ) {
    this.#line = map.counters(breaker, slot)
  }

  /** `amount`: a whole number, not negative. */
  add(name: CountName, amount = 1): void {
    this.cells.add64(this.#line + Count[name], BigInt(amount))
  }
}

/** The sums of some breakers over all threads. */
export function sumOfCosts(cells: Cells, map: CostMap, breakers: Iterable<number>): CostSums {
  const sums = Object.fromEntries(names.map((name) => [name, 0])) as Record<CountName, number>
  for (const breaker of breakers) {
    for (let slot = 0; slot < map.sizes.slots && !neverUsed(cells, map, slot); slot++) {
      const line = map.counters(breaker, slot)
      for (const name of names) sums[name] += Number(cells.load64(line + Count[name]))
    }
  }
  return sums
}
