import type { Cells } from '../memory/cells.js'
import type { CircuitObservation } from '../target.js'

/**
 * A worker's probes of the shared circuit, told while it lives: one that is killed can't tell them any more.
 *
 * Map: how many half-open epochs the worker took part in, then a ring of the last 32 of them, four cells each: epoch,
 * admitted, returned, settled. Written by that worker alone, every few milliseconds; read once its thread has ended.
 *
 * Write path: admitted is set to 0 before the epoch is written and to its value after the rest, so a worker that dies
 * between two writes leaves an entry that says too little, never one that says what was not.
 *
 * Limits: what a worker was given in its last milliseconds is not told.
 */
const KEPT = 32
const CELLS_PER_ENTRY = 4

export type Probes = NonNullable<CircuitObservation['probes']>

export class ProbeRing {
  static readonly size = 1 + KEPT * CELLS_PER_ENTRY
  readonly #cells: Cells
  readonly #first: number

  constructor(cells: Cells, firstCell: number) {
    this.#cells = cells
    this.#first = firstCell
  }

  write(probes: Probes): void {
    for (let index = Math.max(0, probes.length - KEPT); index < probes.length; index += 1) {
      const { epoch, admitted, returned, settled } = probes[index] as Probes[number]
      const entry = this.#entry(index)
      if (this.#cells.load(entry) !== epoch) {
        this.#cells.store(entry + 1, 0)
        this.#cells.store(entry, epoch)
      }
      this.#cells.store(entry + 2, returned)
      this.#cells.store(entry + 3, settled)
      this.#cells.store(entry + 1, admitted)
    }
    this.#cells.store(this.#first, probes.length)
  }

  read(): Probes {
    const count = this.#cells.load(this.#first)
    const kept = Math.min(count, KEPT)
    return Array.from({ length: kept }, (_, index) => {
      const entry = this.#entry(count - kept + index)
      const [epoch, admitted, returned, settled] = [0, 1, 2, 3].map((field) => this.#cells.load(entry + field))
      return { epoch: epoch ?? 0, admitted: admitted ?? 0, returned: returned ?? 0, settled: settled ?? 0 }
    })
  }

  #entry(index: number): number {
    return this.#first + 1 + (index % KEPT) * CELLS_PER_ENTRY
  }
}
