import type { Cells } from '../memory/cells.js'
import type { Clock } from '../world/clock.js'

/**
 * The wall clock of a run, the same for all its threads: it stands still until the first measured stage begins, goes on from the plan's time,
 * and can be set.
 *
 * Map: one 64-bit word, by how many milliseconds it was set forward; the coordinator alone writes it.
 */
export class VirtualClock implements Clock {
  constructor(
    private readonly cells: Cells,
    private readonly cell: number,
    private readonly startMs: number,
    /** Milliseconds since the first measured stage began; less than 0 before. */
    private readonly measuredMs: () => number,
  ) {}

  nowMs(): number {
    return this.startMs + this.#elapsedMs() + Number(this.cells.load64(this.cell))
  }

  set(wallMs: number): void {
    this.cells.store64(this.cell, BigInt(wallMs - this.startMs - this.#elapsedMs()))
  }

  #elapsedMs(): number {
    return Math.floor(Math.max(0, this.measuredMs()))
  }
}
