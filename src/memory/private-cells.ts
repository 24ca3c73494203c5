import type { Cells, WaitResult } from './cells.js'

/**
 * Memory of one thread alone, as `Cells`: nothing here is atomic, and a `wait` that would wait times out at once, as nobody could
 * end it. The explorer keeps the memory that it explores here.
 */
export class PrivateCells implements Cells {
  readonly words: Int32Array
  readonly pairs: BigInt64Array
  /** While it is true, an operation that may write throws: for who is only to look at them. */
  isReadOnly = false

  constructor(readonly length: number) {
    const bytes = new ArrayBuffer(Math.ceil(length / 2) * 8)
    this.words = new Int32Array(bytes)
    this.pairs = new BigInt64Array(bytes)
  }

  load(index: number): number {
    const value = this.words[index]
    if (value === undefined) throw new RangeError(`there is no cell ${index}; cells are 0 to ${this.length - 1}`)
    return value
  }

  store(index: number, value: number): void {
    this.exchange(index, value)
  }

  add(index: number, value: number): number {
    return this.exchange(index, this.load(index) + value)
  }

  sub(index: number, value: number): number {
    return this.exchange(index, this.load(index) - value)
  }

  exchange(index: number, value: number): number {
    this.#assertWritable(index)
    const before = this.load(index)
    this.words[index] = value
    return before
  }

  compareExchange(index: number, expected: number, replacement: number): number {
    this.#assertWritable(index)
    const before = this.load(index)
    if (before === (expected | 0)) this.words[index] = replacement
    return before
  }

  wait(index: number, value: number): WaitResult {
    return this.load(index) === (value | 0) ? 'timed-out' : 'not-equal'
  }

  notify(index: number, _count: number): number {
    this.load(index)
    return 0
  }

  load64(index: number): bigint {
    this.load(index)
    return this.pairs[index >> 1] as bigint
  }

  store64(index: number, value: bigint): void {
    this.#assertWritable(index)
    this.load(index)
    this.pairs[index >> 1] = value
  }

  add64(index: number, value: bigint): bigint {
    this.#assertWritable(index)
    const before = this.load64(index)
    this.pairs[index >> 1] = before + value
    return before
  }

  compareExchange64(index: number, expected: bigint, replacement: bigint): bigint {
    this.#assertWritable(index)
    const before = this.load64(index)
    if (before === BigInt.asIntN(64, expected)) this.pairs[index >> 1] = replacement
    return before
  }

  #assertWritable(index: number): void {
    if (this.isReadOnly) throw new TypeError(`cell ${index} is only to be read here`)
  }
}
