import type { Cells, WaitResult } from '../../memory/cells.js'
import type { Interned } from './interned.js'
import { Kind, type Operation, waitResults } from './operation.js'

/** Thrown through the code under test at the first operation whose result is not known. It has no stack: it is thrown often. */
const STOP: object = Object.freeze({ reason: 'the explorer has stopped this run' })

/** Told of each operation that was answered, so that it can be compared with what was recorded. */
export type Witness = (position: number, operation: Operation) => void

/**
 * Cells that answer from a recorded prefix of results and stop the run at the first operation beyond.
 *
 * After the stop every operation stops again, so `catch` and `finally` in the code under test do no harm: whatever it
 * does then touches nothing, and what the run returns is thrown away.
 */
export class ReplayedCells implements Cells {
  /** The operation beyond the prefix; undefined if the run came to its end before. */
  pending: Operation | undefined
  #results: readonly number[] = []
  #next = 0
  #witness: Witness | undefined

  constructor(
    readonly length: number,
    private readonly bigs: Interned<bigint>,
  ) {}

  begin(results: readonly number[], witness: Witness | undefined): void {
    this.#results = results
    this.#witness = witness
    this.#next = 0
    this.pending = undefined
  }

  /** How many operations of the prefix the run has come to. */
  get position(): number {
    return this.#next
  }

  load(index: number): number {
    return this.perform(Kind.load, this.#cell(index), 0, 0)
  }

  store(index: number, value: number): void {
    this.perform(Kind.store, this.#cell(index), value | 0, 0)
  }

  add(index: number, value: number): number {
    return this.perform(Kind.add, this.#cell(index), value | 0, 0)
  }

  sub(index: number, value: number): number {
    return this.perform(Kind.sub, this.#cell(index), value | 0, 0)
  }

  exchange(index: number, value: number): number {
    return this.perform(Kind.exchange, this.#cell(index), value | 0, 0)
  }

  compareExchange(index: number, expected: number, replacement: number): number {
    return this.perform(Kind.compareExchange, this.#cell(index), replacement | 0, expected | 0)
  }

  wait(index: number, value: number, timeoutMs: number): WaitResult {
    const mayTimeOut = timeoutMs === Number.POSITIVE_INFINITY ? 0 : 1
    return waitResults[this.perform(Kind.wait, this.#cell(index), value | 0, mayTimeOut)] as WaitResult
  }

  notify(index: number, count: number): number {
    const most = count === Number.POSITIVE_INFINITY ? 0x7fff_ffff : Math.max(0, Math.trunc(count))
    return this.perform(Kind.notify, this.#cell(index), most, 0)
  }

  load64(index: number): bigint {
    return this.bigs.at(this.perform(Kind.load64, this.#pair(index), 0, 0))
  }

  store64(index: number, value: bigint): void {
    this.perform(Kind.store64, this.#pair(index), this.#big(value), 0)
  }

  add64(index: number, value: bigint): bigint {
    return this.bigs.at(this.perform(Kind.add64, this.#pair(index), this.#big(value), 0))
  }

  compareExchange64(index: number, expected: bigint, replacement: bigint): bigint {
    const result = this.perform(Kind.compareExchange64, this.#pair(index), this.#big(replacement), this.#big(expected))
    return this.bigs.at(result)
  }

  /** The result of an operation from the prefix; or notes the operation, and stops the run. */
  perform(kind: number, cell: number, value: number, expected: number, detail?: unknown): number {
    if (this.pending) throw STOP
    const operation = { kind, cell, value, expected, detail }
    if (this.#next === this.#results.length) {
      this.pending = operation
      throw STOP
    }
    this.#witness?.(this.#next, operation)
    return this.#results[this.#next++] as number
  }

  #big(value: bigint): number {
    return this.bigs.numberOf(BigInt.asIntN(64, value))
  }

  #cell(index: number): number {
    if (Number.isInteger(index) && index >= 0 && index < this.length) return index
    throw new RangeError(`there is no cell ${index}; cells are 0 to ${this.length - 1}`)
  }

  #pair(index: number): number {
    if (index % 2 === 0 && index + 1 < this.length) return this.#cell(index)
    throw new RangeError(`a 64-bit operation needs an even cell and the next, of 0 to ${this.length - 1}, not ${index}`)
  }
}
