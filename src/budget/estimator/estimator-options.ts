import { ConfigurationError } from '../../breaker/errors.js'
import { resolveName, whole } from '../../breaker/resolve-options.js'

const OPERATIONS_MAX = 1024
const HISTORY_MAX = 1000

/** What an estimator is made of: plain data, the same in every thread. */
export interface EstimatorOptions {
  /** Every kind of call there is, at most 1,024. */
  readonly operations: readonly OperationOptions[]
  /** How many actual costs are remembered of each operation, 1 to 1,000. Default 100. */
  readonly historySize?: number | undefined
}

export interface OperationOptions {
  /** Unique among the operations. */
  readonly name: string
  /** What it is taken to cost while nothing is known, in whole micro-units. */
  readonly defaultAmount: number
}

export interface ResolvedEstimator {
  readonly operations: readonly OperationOptions[]
  readonly historySize: number
}

/** Throws a `ConfigurationError` for the first field that is not allowed. */
export function resolveEstimator(options: EstimatorOptions): ResolvedEstimator {
  const { operations } = options
  if (!Array.isArray(operations) || operations.length === 0 || operations.length > OPERATIONS_MAX) {
    throw new ConfigurationError('operations', operations, `an array of 1 to ${OPERATIONS_MAX} operations`)
  }
  const names = new Set<string>()
  for (const [index, { name, defaultAmount }] of operations.entries()) {
    const field = `operations[${index}]`
    resolveName(name)
    if (names.has(name)) throw new ConfigurationError(`${field}.name`, name, 'a name that no operation before has')
    names.add(name)
    whole(`${field}.defaultAmount`, defaultAmount, 0, Number.MAX_SAFE_INTEGER)
  }
  return {
    operations: operations.map(({ name, defaultAmount }) => ({ name, defaultAmount })),
    historySize: whole('historySize', options.historySize ?? 100, 1, HISTORY_MAX),
  }
}
