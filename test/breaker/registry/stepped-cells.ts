import { AtomicCells } from '../../../src/memory/atomic-cells.js'

export const death = new Error('the thread died here')

/** One thread's view of shared memory that can be stopped between any two of its operations. */
export class SteppedCells extends AtomicCells {
  /** How many operations the thread has made. */
  steps = 0
  #at = Number.POSITIVE_INFINITY
  #meanwhile: () => void = () => undefined
  #dead = false

  /** Something else happens before the operation with this number, counted from 0. */
  interrupt(step: number, meanwhile: () => void): this {
    this.#at = this.steps + step
    this.#meanwhile = meanwhile
    return this
  }

  /** The thread makes so many operations more, and none after, not even in a `finally`. */
  dieAfter(steps: number): this {
    return this.interrupt(steps, () => {
      this.#dead = true
    })
  }

  override load(index: number): number {
    this.#step()
    return super.load(index)
  }

  override store(index: number, value: number): void {
    this.#step()
    super.store(index, value)
  }

  override compareExchange(index: number, expected: number, replacement: number): number {
    this.#step()
    return super.compareExchange(index, expected, replacement)
  }

  #step(): void {
    if (this.#dead) throw death
    if (this.steps++ === this.#at) this.#meanwhile()
    if (this.#dead) throw death
  }
}
