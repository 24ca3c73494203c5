import type { Cells, WaitResult } from './cells.js'

/** `Cells` over a `SharedArrayBuffer`: each method is one `Atomics` operation. V8 inlines the method; the operation is a call of a builtin, about 3 ns. */
export class AtomicCells implements Cells {
  readonly buffer: SharedArrayBuffer
  readonly length: number
  readonly #words: Int32Array<SharedArrayBuffer>
  readonly #doubles: BigInt64Array<SharedArrayBuffer>

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer
    this.#words = new Int32Array(buffer)
    this.#doubles = new BigInt64Array(buffer, 0, buffer.byteLength >> 3)
    this.length = this.#words.length
  }

  /** Room for `length` cells, all zero. */
  static allocate(length: number): AtomicCells {
    return new AtomicCells(new SharedArrayBuffer(Math.ceil(length / 2) * 8))
  }

  load(index: number): number {
    return Atomics.load(this.#words, index)
  }

  store(index: number, value: number): void {
    Atomics.store(this.#words, index, value)
  }

  add(index: number, value: number): number {
    return Atomics.add(this.#words, index, value)
  }

  sub(index: number, value: number): number {
    return Atomics.sub(this.#words, index, value)
  }

  exchange(index: number, value: number): number {
    return Atomics.exchange(this.#words, index, value)
  }

  compareExchange(index: number, expected: number, replacement: number): number {
    return Atomics.compareExchange(this.#words, index, expected, replacement)
  }

  wait(index: number, value: number, timeoutMs: number): WaitResult {
    return Atomics.wait(this.#words, index, value, timeoutMs)
  }

  notify(index: number, count: number): number {
    return Atomics.notify(this.#words, index, count)
  }

  /**
   * Resolves when the cell is notified or `timeoutMs` has passed, without blocking the thread and without keeping the
   * process alive. Returns `undefined` at once if the cell no longer holds `value`.
   */
  waitAsync(index: number, value: number, timeoutMs: number): Promise<unknown> | undefined {
    const waiting = Atomics.waitAsync(this.#words, index, value, timeoutMs)
    return waiting.async ? waiting.value : undefined
  }

  load64(index: number): bigint {
    return Atomics.load(this.#doubles, index >> 1)
  }

  store64(index: number, value: bigint): void {
    Atomics.store(this.#doubles, index >> 1, value)
  }

  add64(index: number, value: bigint): bigint {
    return Atomics.add(this.#doubles, index >> 1, value)
  }

  compareExchange64(index: number, expected: bigint, replacement: bigint): bigint {
    return Atomics.compareExchange(this.#doubles, index >> 1, expected, replacement)
  }
}
