/**
 * Busbar's budgets: what a call costs is reserved before it runs and settled afterwards, and no thread can overspend.
 *
 *     import { BudgetLedger } from 'busbar/budget'
 *
 *     // where the threads are created; amounts are whole micro-units
 *     const ledger = BudgetLedger.create({ budgets: [{ per: 'day', limit: 100_000_000, timeZone: 'Europe/Berlin' }] })
 *     new Worker(file, { workerData: { ledger: ledger.handle } })
 *
 *     // in each of them
 *     const account = BudgetLedger.attach(workerData.ledger).account()
 *     const reservation = account.reserve(20_000)
 *     account.settle(reservation, 17_350)
 */
export { ConfigurationError } from './breaker/errors.js'
export { type AuditExportOptions, type AuditNames, auditLines, writeAudit } from './budget/audit/audit-export.js'
export { AuditLog } from './budget/audit/audit-log.js'
export { AuditMap, initializeAudit } from './budget/audit/audit-map.js'
export { type AuditItem, AuditReader, type AuditReaderOptions } from './budget/audit/audit-reader.js'
export type { AuditDecision, AuditReason, AuditRecord } from './budget/audit/audit-record.js'
export type { BudgetStateChange, CostState } from './budget/cost/budget-state.js'
export type { CostSettlement } from './budget/cost/charge.js'
export type { SyncCostContext } from './budget/cost/charged-run.js'
export { CostCircuitBreaker } from './budget/cost/cost-circuit-breaker.js'
export {
  CostManager,
  type CostManagerHandle,
  type CostManagerOptions,
  type CostTotals,
} from './budget/cost/cost-manager.js'
export type { CostReservation } from './budget/cost/cost-reservation.js'
export { CostRefusedError, ReservationEndedError } from './budget/cost/errors.js'
export type {
  CostAction,
  CostBreakerOptions,
  CostContext,
  CostExecuteOptions,
  CostHandle,
  CostOptions,
  CostRequest,
  CostThreadOptions,
  CostWorld,
} from './budget/cost/options.js'
export type { CostAmounts, CostCallCounts, CostSnapshot } from './budget/cost/snapshot.js'
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
export type { AccountStatus, BudgetAccount, BudgetStatus, Settlement } from './budget/ledger/budget-account.js'
export { BudgetLedger, type LedgerWorld } from './budget/ledger/budget-ledger.js'
export { BudgetExceededError, LedgerError, type LedgerErrorCode } from './budget/ledger/errors.js'
export type { BudgetOptions, LedgerHandle, LedgerOptions } from './budget/ledger/options.js'
export type { ReservationId } from './budget/ledger/reservations.js'
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
