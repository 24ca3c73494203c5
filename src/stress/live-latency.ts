import type { Progress } from '../engine.js'
import { type Arena, HistogramKind } from './arena.js'
import { summarize } from './latency.js'

const EVERY_MS = 1000

/**
 * Percentiles of the stage that goes on, for whoever watches. Workers write their histograms plainly, and others read them only
 * after the gate has closed; here they are read while they are written. A word that is read is one that was there, old or new,
 * so what is shown may be a few calls behind and is never judged.
 */
export class LiveLatency {
  readonly #arena: Arena
  #nextMs = 0
  #stage = -1
  #latest: Progress['latency']

  constructor(arena: Arena) {
    this.#arena = arena
  }

  /** Of the calls let through so far; undefined of none. Looked up once a second, and when the stage is another. */
  look(nowMs: number, stage: number): Progress['latency'] {
    if (nowMs < this.#nextMs && stage === this.#stage) return this.#latest
    this.#nextMs = nowMs + EVERY_MS
    this.#stage = stage
    const { slots } = this.#arena.shape
    const histograms = Array.from({ length: slots }, (_, slot) =>
      this.#arena.histogram(slot, stage, HistogramKind.letThrough),
    )
    const { count, p50Ms, p99Ms } = summarize(histograms)
    this.#latest = count === 0 ? undefined : { p50Ms, p99Ms }
    return this.#latest
  }
}
