import type { Period } from './period.js'
import { indexInRange } from './span-index.js'

const MINUTE_MS = 60_000
/** A span begins within the minute that its number says, so this later it has begun, and it lasts longer than that. */
const WITHIN_MINUTE_MS = MINUTE_MS - 1

/** A stretch of time: its first millisecond, and the first after it. */
export interface Span {
  readonly startMs: number
  readonly endMs: number
}

/** Tells the span that a moment is in. The spans leave no gap and don't overlap. */
export type SpanAround = (atMs: number) => Span

/**
 * Periods of the calendar, numbered by the minute in which they begin. The current one is remembered: within it a number costs
 * two comparisons, and the calendar is asked once a period.
 */
export class CalendarPeriod implements Period {
  readonly buckets = 1
  #index = 0
  /** Nothing is within it until the calendar has been asked. */
  #startMs = Number.POSITIVE_INFINITY
  #endMs = Number.NEGATIVE_INFINITY

  constructor(private readonly spanAround: SpanAround) {}

  indexAt(nowMs: number): number {
    if (nowMs >= this.#startMs && nowMs < this.#endMs) return this.#index
    indexInRange(Math.floor(nowMs / MINUTE_MS), nowMs)
    const { startMs, endMs } = this.spanAround(nowMs)
    // What had begun before 1970 has the number 0, as nothing comes before it.
    this.#index = Math.max(0, Math.floor(startMs / MINUTE_MS))
    this.#startMs = startMs
    this.#endMs = endMs
    return this.#index
  }

  startOf(index: number): number {
    return this.#spanOf(index).startMs
  }

  endOf(index: number): number {
    return this.#spanOf(index).endMs
  }

  #spanOf(index: number): Span {
    if (index === this.#index && this.#startMs < this.#endMs) return { startMs: this.#startMs, endMs: this.#endMs }
    return this.spanAround(index * MINUTE_MS + WITHIN_MINUTE_MS)
  }
}
