/** The budgets' face (package export `busbar/budget`). */
export { ConfigurationError } from './breaker/errors.js'
export { type Period, type PeriodOptions, periodOf } from './budget/period/period.js'
