/**
 * The one door to shared memory.
 *
 * A cell is a 32-bit signed word, addressed by its index. Every operation is sequentially consistent (ECMA-262 §29)
 * and returns the value that the cell held before. There is no plain access, so code written over `Cells` cannot
 * contain a data race. Production code runs on `AtomicCells`; another implementation can stand behind the same code.
 *
 * The `64` operations take the index of the first of two adjacent cells, which must be even. They are meant for money:
 * each may allocate a BigInt, so nothing on the breaker's call path uses them.
 */
export interface Cells {
  /** How many 32-bit cells there are. */
  readonly length: number
  load(index: number): number
  /** Writes `value`; returns nothing, as the old value is not observed. */
  store(index: number, value: number): void
  add(index: number, value: number): number
  sub(index: number, value: number): number
  exchange(index: number, value: number): number
  /** Writes `replacement` if the cell holds `expected`. The swap took place if, and only if, `expected` is returned. */
  compareExchange(index: number, expected: number, replacement: number): number
  /**
   * Blocks this thread while the cell holds `value`, for at most `timeoutMs` milliseconds (`Infinity` is allowed, and
   * never used on a call path).
   */
  wait(index: number, value: number, timeoutMs: number): WaitResult
  /** Wakes at most `count` threads that wait on the cell; returns how many it woke. */
  notify(index: number, count: number): number
  load64(index: number): bigint
  store64(index: number, value: bigint): void
  add64(index: number, value: bigint): bigint
  compareExchange64(index: number, expected: bigint, replacement: bigint): bigint
}

export type WaitResult = 'ok' | 'not-equal' | 'timed-out'
