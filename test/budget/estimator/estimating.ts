import { CostEstimator, initializeEstimator } from '../../../src/budget/estimator/estimator.js'
import { EstimatorMap } from '../../../src/budget/estimator/estimator-map.js'
import { type EstimatorOptions, resolveEstimator } from '../../../src/budget/estimator/estimator-options.js'
import type { PriceTable } from '../../../src/budget/estimator/prices.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'

/** What another thread needs to have its end of the same estimator. */
export interface EstimatorHandle {
  readonly buffer: SharedArrayBuffer
  readonly options: EstimatorOptions
}

export function newEstimator(options: EstimatorOptions): EstimatorHandle {
  const settings = resolveEstimator(options)
  const map = new EstimatorMap(0, settings)
  const cells = AtomicCells.allocate(map.end)
  initializeEstimator(cells, map, settings)
  return { buffer: cells.buffer, options }
}

/** One thread's end of it. */
export function endOf({ buffer, options }: EstimatorHandle, prices?: PriceTable): CostEstimator {
  const settings = resolveEstimator(options)
  return new CostEstimator(new AtomicCells(buffer), new EstimatorMap(0, settings), settings, prices)
}
