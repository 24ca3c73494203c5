import { createHistogram, performance } from 'node:perf_hooks'

/** What the event loop of the calling thread has done since the thread began, in milliseconds. */
export interface LoopTime {
  readonly busyMs: number
  /** Waiting for something to do. */
  readonly idleMs: number
}

export function loopTime(): LoopTime {
  const { active, idle } = performance.eventLoopUtilization()
  return { busyMs: active, idleMs: idle }
}

export interface DelaySummary {
  readonly meanMs: number
  readonly p99Ms: number
  readonly maxMs: number
}

const UNITS_PER_MS = 1000
/** An hour. */
const LARGEST_UNITS = 3_600_000 * UNITS_PER_MS

/** Delays in a fixed amount of memory outside the heap: Node's own HDR histogram, with two significant digits. */
export class DelayHistogram {
  readonly #histogram = createHistogram({ lowest: 1, highest: LARGEST_UNITS, figures: 2 })

  record(delayMs: number): void {
    this.#histogram.record(Math.min(LARGEST_UNITS, Math.max(1, Math.round(delayMs * UNITS_PER_MS))))
  }

  /** Undefined of none. */
  summary(): DelaySummary | undefined {
    const { count, mean, max } = this.#histogram
    if (count === 0) return undefined
    return {
      meanMs: mean / UNITS_PER_MS,
      p99Ms: this.#histogram.percentile(99) / UNITS_PER_MS,
      maxMs: max / UNITS_PER_MS,
    }
  }

  reset(): void {
    this.#histogram.reset()
  }
}
