import type { SoakSample } from '../../evidence.js'
import type { Cells } from '../../memory/cells.js'
import { Layout } from '../../memory/layout.js'

/**
 * What a worker found in its own heap, sample after sample. It lies in the arena, so that the samples themselves are no
 * part of the heap that they tell of, and are still there when a worker has died of what it retained.
 *
 * Map: a line with the count, then sixteen cells a sample, all written by that worker alone.
 *
 *     at        microseconds since the gate opened, 64 bits     used       heap in use, bytes, 64 bits
 *     calls     begun by this worker so far, 64 bits            external   bytes, 64 bits
 *     stage     index in the plan                               pause      microseconds
 *     inFlight  begun and not ended
 *
 * Protocol: a sample is written whole, then the count. Limit: what comes after the log is full is not kept.
 */
const Field = { at: 0, used: 2, calls: 4, external: 6, stage: 8, pause: 9, inFlight: 10 } as const
const CELLS_PER_SAMPLE = 16

export class SampleLog {
  readonly #cells: Cells
  readonly #count: number
  readonly #samples: number
  readonly #capacity: number

  constructor(cells: Cells, firstCell: number, capacity: number) {
    const layout = new Layout(firstCell)
    this.#cells = cells
    this.#count = layout.lineOf()
    this.#samples = layout.lineOf(capacity * CELLS_PER_SAMPLE)
    this.#capacity = capacity
  }

  static size(capacity: number): number {
    const layout = new Layout()
    layout.lineOf()
    layout.lineOf(capacity * CELLS_PER_SAMPLE)
    return layout.size
  }

  /** Returns whether there was room for it. */
  write(sample: SoakSample): boolean {
    const count = this.#cells.load(this.#count)
    if (count >= this.#capacity) return false
    const first = this.#samples + count * CELLS_PER_SAMPLE
    this.#cells.store64(first + Field.at, BigInt(Math.round(sample.atMs * 1000)))
    this.#cells.store64(first + Field.used, BigInt(sample.usedBytes))
    this.#cells.store64(first + Field.calls, BigInt(sample.calls))
    this.#cells.store64(first + Field.external, BigInt(sample.externalBytes))
    this.#cells.store(first + Field.stage, sample.stage)
    this.#cells.store(first + Field.inFlight, sample.inFlight)
    this.#cells.store(first + Field.pause, Math.round(sample.pauseMs * 1000))
    this.#cells.store(this.#count, count + 1)
    return true
  }

  read(): SoakSample[] {
    const count = this.#cells.load(this.#count)
    return Array.from({ length: count }, (_, index) => {
      const first = this.#samples + index * CELLS_PER_SAMPLE
      return {
        atMs: Number(this.#cells.load64(first + Field.at)) / 1000,
        stage: this.#cells.load(first + Field.stage),
        calls: Number(this.#cells.load64(first + Field.calls)),
        inFlight: this.#cells.load(first + Field.inFlight),
        usedBytes: Number(this.#cells.load64(first + Field.used)),
        externalBytes: Number(this.#cells.load64(first + Field.external)),
        pauseMs: this.#cells.load(first + Field.pause) / 1000,
      }
    })
  }
}
