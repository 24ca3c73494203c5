import { alignToLine, CELLS_PER_LINE } from '../../memory/layout.js'
import type { ResolvedEstimator } from './estimator-options.js'

/**
 * Where the estimator's shared state is. Size → initialize → attach; the base begins a line.
 *
 * | part | cells | written by | read by |
 * |---|---|---|---|
 * | fingerprint of the settings, on a line of its own | 1 | initialize, once | attach |
 * | for each operation: heads, a line | costs begun, costs written; accuracy: 7 | whoever settles a call | who estimates |
 * | … its costs, on lines of their own | one each | whoever settles a call | who estimates |
 */
const ACCURACY = 2

export class EstimatorMap {
  readonly fingerprint: number
  readonly #operationCells: number

  constructor(
    readonly base: number,
    private readonly settings: ResolvedEstimator,
  ) {
    if (base !== alignToLine(base)) throw new RangeError(`the estimator's memory begins at cell ${base}, within a line`)
    this.fingerprint = base
    this.#operationCells = CELLS_PER_LINE + alignToLine(settings.historySize)
  }

  /** The first cell after the estimator's memory. */
  get end(): number {
    return this.heads(this.settings.operations.length)
  }

  heads(operation: number): number {
    return this.base + CELLS_PER_LINE + operation * this.#operationCells
  }

  accuracy(operation: number): number {
    return this.heads(operation) + ACCURACY
  }

  costs(operation: number): number {
    return this.heads(operation) + CELLS_PER_LINE
  }
}
