import type { Cells } from '../../memory/cells.js'
import type { ControlWords } from '../life/control-word.js'
import { Reason } from '../life/transition-log.js'
import { Counter, type Counters } from '../threads/counters.js'
import { NO_VERDICT, type Window, type WindowContent, type WindowMeasure, type WindowSetting } from '../window.js'

/**
 * So many failures in a row, over all threads.
 *
 * Map. One cell for all threads: the upper half is a tag, the low 16 bits of the life's sequence number; the lower half
 * is how many failures came last without a success between them.
 *
 * Protocol. Failure: compare and exchange to one more; if the cell belongs to an earlier life, to 1. Success in a watched
 * life: compare and exchange a row that isn't empty to an empty one. Success in a life that isn't watched: the row is
 * empty, nothing to do, and the cell is not even read.
 *
 * Why safe. The cell is exact: each step is one compareExchange that sees all before it. Tag and count change together,
 * so what a slow thread of an earlier life adds can't reach this one: it finds either its own tag, where a count is of
 * no consequence any more, or a control word that has moved on. The watch is set before the row is begun and stays
 * for the rest of the life, so a success that finds no watch is ordered before the life's first failure.
 *
 * Breaks if the watch is set after the row is begun (a success overlooks the row), or taken off within the life.
 *
 * Limits. Rows of at most 65,535; the tag repeats after 65,536 transitions without a failure among them.
 */
export class ConsecutiveWindow implements Window {
  readonly #cells: Cells
  readonly #control: number
  readonly #row: number
  readonly #words: ControlWords
  readonly #counters: Counters
  /** Where this thread counts successes, which are most. */
  readonly #successes: number
  readonly decided = { calls: 0, failures: 0, slow: 0 }
  readonly #size: number
  #sizeInForce: number

  constructor(setting: WindowSetting, size: number) {
    this.#size = size
    this.#sizeInForce = size
    this.#cells = setting.cells
    this.#control = setting.map.control
    this.#row = setting.map.failureRun
    this.#words = setting.words
    this.#counters = setting.counters
    this.#successes = setting.counters.line + Counter.success
  }

  recordSuccess(life: number, watched: boolean): number {
    if (watched) this.#endRow(this.#tag(life))
    if (this.#cells.add(this.#successes, 1) === -1) this.#counters.carry(Counter.success)
    return NO_VERDICT
  }

  recordFailure(life: number): number {
    this.#counters.add(Counter.error)
    const failures = this.#lengthen(this.#tag(life))
    if (failures < this.#sizeInForce) return NO_VERDICT
    this.decided.calls = failures
    this.decided.failures = failures
    return Reason.consecutiveFailures
  }

  /** No call is slow here: a configuration that says when one is has no consecutive window. */
  recordSlow(life: number, failed: boolean): number {
    return failed ? this.recordFailure(life) : this.recordSuccess(life, true)
  }

  judgeEarly(minimumCalls: number | undefined): void {
    this.#sizeInForce = Math.min(minimumCalls ?? this.#size, this.#size)
  }

  measure(life: number): WindowMeasure {
    const row = this.#cells.load(this.#row)
    const failures = row >>> 16 === this.#tag(life) ? row & 0xffff : 0
    return { calls: failures, failures, slow: 0 }
  }

  contents(life: number): WindowContent[] {
    return [{ ...this.measure(life), ageMs: 0 }]
  }

  #tag(life: number): number {
    return this.#words.sequenceOf(life) & 0xffff
  }

  #endRow(tag: number): void {
    for (;;) {
      const row = this.#cells.load(this.#row)
      if (row >>> 16 !== tag || (row & 0xffff) === 0) return
      // Ends: a failed exchange means that another thread's call was recorded.
      if (this.#cells.compareExchange(this.#row, row, tag << 16) === row) return
    }
  }

  /** Returns the row's length with this failure; 0 if the life is over, so that the failure no longer counts. */
  #lengthen(tag: number): number {
    for (;;) {
      const row = this.#cells.load(this.#row)
      const own = row >>> 16 === tag
      if (!own && (this.#words.sequenceOf(this.#cells.load(this.#control)) & 0xffff) !== tag) return 0
      const length = own ? Math.min((row & 0xffff) + 1, 0xffff) : 1
      // Ends: as above.
      if (this.#cells.compareExchange(this.#row, row, (tag << 16) | length) === row) return length
    }
  }
}
