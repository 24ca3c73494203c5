/** The budgets' face (package export `busbar/budget`). */
export { ConfigurationError } from './breaker/errors.js'
export type { Accuracy } from './budget/estimator/accuracy.js'
export {
  CostEstimator,
  type Estimate,
  type EstimatedCall,
  initializeEstimator,
  UnknownOperationError,
} from './budget/estimator/estimator.js'
export { EstimatorMap } from './budget/estimator/estimator-map.js'
export {
  type EstimatorOptions,
  type OperationOptions,
  type ResolvedEstimator,
  resolveEstimator,
} from './budget/estimator/estimator-options.js'
export { readPrices } from './budget/estimator/price-file.js'
export { type ModelPrices, type Prices, PriceTable, type Tokens } from './budget/estimator/prices.js'
export { type Period, type PeriodOptions, periodOf } from './budget/period/period.js'
export { CostRules, initializeRules } from './budget/rules/cost-rules.js'
export { defaultRules } from './budget/rules/default-rules.js'
export { type ResolvedRule, type ResolvedThrottle, resolveRules } from './budget/rules/resolve-rules.js'
export type {
  BudgetFigures,
  CostAlert,
  CostCall,
  CostDecision,
  CostRule,
  RuleFault,
  RuleOptions,
  Threshold,
  ThresholdType,
  Throttle,
} from './budget/rules/rule.js'
export { RulesMap } from './budget/rules/rules-map.js'
