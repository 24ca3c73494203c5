import type { Period } from './period.js'
import { indexInRange } from './span-index.js'

/**
 * A sliding window of equal buckets, counted from 1970. A bucket that doesn't come out at whole milliseconds begins at the first
 * that is wholly its own; products of whole numbers below 2⁵³ are exact, so each millisecond is of one bucket.
 */
export class SlidingPeriod implements Period {
  constructor(
    private readonly durationMs: number,
    readonly buckets: number,
  ) {}

  indexAt(nowMs: number): number {
    return indexInRange(Math.floor((Math.floor(nowMs) * this.buckets) / this.durationMs), nowMs)
  }

  startOf(index: number): number {
    return Math.ceil((index * this.durationMs) / this.buckets)
  }

  endOf(index: number): number {
    return this.startOf(index + 1)
  }
}
