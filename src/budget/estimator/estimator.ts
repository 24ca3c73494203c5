import { ConfigurationError } from '../../breaker/errors.js'
import type { Cells } from '../../memory/cells.js'
import { fingerprintOf } from '../fingerprint.js'
import { type Accuracy, AccuracyRecord } from './accuracy.js'
import { CostHistory } from './cost-history.js'
import type { EstimatorMap } from './estimator-map.js'
import type { ResolvedEstimator } from './estimator-options.js'
import type { PriceTable, Tokens } from './prices.js'

const CONFIDENCE_OF_PRICES = 0.9
const CONFIDENCE_OF_HISTORY_MAX = 0.8
const COSTS_OF_FULL_CONFIDENCE = 100
const CONFIDENCE_OF_DEFAULT = 0.3

/** What is known of a call before it runs. */
export interface EstimatedCall {
  readonly operation: string
  readonly model?: string | undefined
  readonly tokens?: Tokens | undefined
}

export interface Estimate {
  /** Whole micro-units. */
  readonly amount: number
  /** From 0 to 1: how far to trust it. */
  readonly confidence: number
  readonly method: 'prices' | 'history' | 'default'
}

/** An operation that the estimator was not created for. */
export class UnknownOperationError extends Error {
  override readonly name = 'UnknownOperationError'
  readonly code = 'ERR_UNKNOWN_OPERATION'

  constructor(readonly operation: string) {
    super(`there is no operation ${JSON.stringify(operation)}: operations are named when the estimator is created`)
  }
}

/** Prepares the estimator's memory, which must be all zero, before any thread attaches. */
export function initializeEstimator(cells: Cells, map: EstimatorMap, settings: ResolvedEstimator): void {
  cells.store(map.fingerprint, fingerprintOf(settings))
}

interface OperationEnd {
  readonly defaultAmount: number
  readonly history: CostHistory
  readonly accuracy: AccuracyRecord
}

/**
 * One thread's end of the estimator. What calls have cost is known to all threads at once; prices are each thread's own.
 *
 * The first that applies: the tokens' price (confidence 0.9); the mean of the last costs of the operation and one standard deviation
 * (a hundredth for each cost, 0.8 at most); the operation's default (0.3).
 */
export class CostEstimator {
  readonly #operations = new Map<string, OperationEnd>()

  /** Throws a `ConfigurationError` if the memory was initialized with other settings. */
  constructor(
    cells: Cells,
    map: EstimatorMap,
    settings: ResolvedEstimator,
    private readonly prices?: PriceTable | undefined,
  ) {
    if (cells.load(map.fingerprint) !== fingerprintOf(settings)) {
      throw new ConfigurationError(
        'settings',
        settings,
        'those that this memory was made for, the same in every thread',
      )
    }
    for (const [index, { name, defaultAmount }] of settings.operations.entries()) {
      this.#operations.set(name, {
        defaultAmount,
        history: new CostHistory(cells, map.heads(index), map.costs(index), settings.historySize),
        accuracy: new AccuracyRecord(cells, map.accuracy(index)),
      })
    }
  }

  /** Throws an `UnknownOperationError`, or a `RangeError` for what is no number of tokens. */
  estimate({ operation, model, tokens }: EstimatedCall): Estimate {
    const { history, defaultAmount } = this.#find(operation)
    const priced = model === undefined || !tokens ? undefined : this.prices?.amountOf(model, tokens)
    if (priced !== undefined) return { amount: priced, confidence: CONFIDENCE_OF_PRICES, method: 'prices' }
    const { count, amount } = history.summary()
    if (count === 0) return { amount: defaultAmount, confidence: CONFIDENCE_OF_DEFAULT, method: 'default' }
    const confidence = Math.min(CONFIDENCE_OF_HISTORY_MAX, count / COSTS_OF_FULL_CONFIDENCE)
    return { amount, confidence, method: 'history' }
  }

  /** Remembers what a call has cost, in whole micro-units, and judges what it was estimated at, if it was. */
  record(operation: string, cost: number, estimate?: number): void {
    const { history, accuracy } = this.#find(operation)
    if (!Number.isSafeInteger(cost) || cost < 0) {
      throw new RangeError(`a cost is ${cost}; allowed: whole micro-units from 0 to ${Number.MAX_SAFE_INTEGER}`)
    }
    history.add(cost)
    if (estimate !== undefined) accuracy.add(estimate, cost)
  }

  accuracyOf(operation: string): Accuracy {
    return this.#find(operation).accuracy.read()
  }

  #find(operation: string): OperationEnd {
    const found = this.#operations.get(operation)
    if (found) return found
    throw new UnknownOperationError(operation)
  }
}
