import type { Cells } from '../../memory/cells.js'
import { joinHalves } from '../../memory/time.js'
import type { MemoryMap } from '../storage/memory-map.js'

/**
 * What each thread counts, on a line that it alone writes.
 *
 * Map. A 64-bit count is two cells, low half first; every count only ever grows, over all lives and over all threads
 * that use the slot one after another. So a window is the difference of two readings, and nothing is ever cleared.
 *
 * Protocol. Write: add 1 to the low half; when it comes round to 0, add 1 to the high half. Read: high, low, high again.
 *
 * Why safe. One writer, so no update is lost. A sum over slots lies between its values at the sum's beginning and its
 * end (intermediate-value linearizability, Rinberg & Keidar 2020), because each count grows only.
 *
 * Breaks if two threads share a slot, or if a count is reset.
 *
 * Limits. Once in 2³² calls, between its two halves, the count is 2³² short; a thread that dies there leaves it so.
 */
export const Counter = { success: 0, error: 2, ignored: 4, refused: 6, stale: 8, slow: 10 } as const
export type Counter = (typeof Counter)[keyof typeof Counter]

/** How a call that was admitted ends, if its result is not stale. */
export type Outcome = typeof Counter.success | typeof Counter.error | typeof Counter.ignored

/** How calls ended, each in exactly one of these; slow ones are counted once more. */
export interface CallCounts {
  readonly success: number
  readonly error: number
  readonly ignored: number
  readonly refused: number
  readonly stale: number
  /** Successes and errors that took too long. */
  readonly slow: number
}

/** One thread's counters. */
export class Counters {
  constructor(
    private readonly cells: Cells,
    /** Index of its first cell: a `Counter` is counted from there. */
    readonly line: number,
  ) {}

  add(counter: Counter): void {
    if (this.cells.add(this.line + counter, 1) === -1) this.carry(counter)
  }

  /** The low half of a count has come round to 0. */
  carry(counter: Counter): void {
    this.cells.add(this.line + counter + 1, 1)
  }

  addOutcome(outcome: Outcome, slow: boolean): void {
    this.add(outcome)
    if (slow && outcome !== Counter.ignored) this.add(Counter.slow)
  }

  /** Adds what is missing to `total`. Only while nobody else knows of the memory. */
  raiseTo(counter: Counter, total: number): void {
    const before = read64(this.cells, this.line + counter)
    const count = Math.max(before, total)
    this.cells.store(this.line + counter, count | 0)
    this.cells.store(this.line + counter + 1, Math.floor(count / 0x1_0000_0000))
  }

  /** The low half: differences of two readings are right up to 2³² calls. */
  low(counter: Counter): number {
    return this.cells.load(this.line + counter)
  }
}

/** What one slot has counted. */
export function countsOf(cells: Cells, map: MemoryMap, slot: number): CallCounts {
  const line = map.counters(slot)
  return {
    success: read64(cells, line + Counter.success),
    error: read64(cells, line + Counter.error),
    ignored: read64(cells, line + Counter.ignored),
    refused: read64(cells, line + Counter.refused),
    stale: read64(cells, line + Counter.stale),
    slow: read64(cells, line + Counter.slow),
  }
}

export function sumOfCounts(all: readonly CallCounts[]): CallCounts {
  const sum = { success: 0, error: 0, ignored: 0, refused: 0, stale: 0, slow: 0 }
  for (const counts of all) {
    sum.success += counts.success
    sum.error += counts.error
    sum.ignored += counts.ignored
    sum.refused += counts.refused
    sum.stale += counts.stale
    sum.slow += counts.slow
  }
  return sum
}

function read64(cells: Cells, index: number): number {
  for (;;) {
    const high = cells.load(index + 1)
    const low = cells.load(index)
    // Ends: the high half changes once in 2³² calls.
    if (cells.load(index + 1) === high) return joinHalves(low, high)
  }
}
