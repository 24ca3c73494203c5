import { ConfigurationError } from '../../breaker/errors.js'
import { checkName } from '../../breaker/registry/name-text.js'
import { between, LONGEST_MS, powerOfTwoFrom, whole } from '../../breaker/resolve-options.js'
import { resolveEstimator } from '../estimator/estimator-options.js'
import { DEFAULT_ACCOUNT } from '../ledger/budget-ledger.js'
import { resolveRules } from '../rules/resolve-rules.js'
import type { CostOptions, CostThreadOptions, ResolvedCosts } from './options.js'

const ACCOUNTS_MAX = 16
const THREADS_MAX = 256
const functions = ['costOf', 'costOfError', 'onStateChange', 'onAlert'] as const

/** Throws a `ConfigurationError` for the first field that is not allowed. The ledger checks its own. */
export function resolveCosts(options: CostOptions, breakers: number, threads: number): ResolvedCosts {
  const budgetLimitedFrom = between('budgetLimitedFrom', options.budgetLimitedFrom ?? 0.95, 0, 1)
  if (budgetLimitedFrom === 0) {
    throw new ConfigurationError('budgetLimitedFrom', budgetLimitedFrom, 'a share above 0, at most 1')
  }
  if (typeof options.ledger !== 'object' || options.ledger === null) {
    throw new ConfigurationError('ledger', options.ledger, 'options of a ledger, or a BudgetLedger')
  }
  if (typeof options.estimator !== 'object' || options.estimator === null) {
    throw new ConfigurationError('estimator', options.estimator, 'options of an estimator: { operations }')
  }
  const accounts = [...(options.accounts ?? [DEFAULT_ACCOUNT])]
  checkAccounts(accounts)
  if (accounts.length === 0 && !options.commonBudgets) {
    throw new ConfigurationError('accounts', accounts, 'at least one, as there are no commonBudgets')
  }
  return {
    slots: powerOfTwoFrom(whole('maxThreads', options.maxThreads ?? threads, 1, THREADS_MAX)),
    breakers,
    rules: resolveRules(options.rules ?? []),
    estimator: resolveEstimator(options.estimator),
    accounts,
    budgetLimitedFrom,
    auditCapacity: whole('auditCapacity', options.auditCapacity ?? 4096, 16, 65_536),
  }
}

/** Throws a `ConfigurationError` for what is no list of accounts that a call can be charged to: one named twice would pay twice. */
export function checkAccounts(accounts: readonly unknown[]): asserts accounts is readonly string[] {
  if (!Array.isArray(accounts) || accounts.length > ACCOUNTS_MAX) {
    throw new ConfigurationError('accounts', accounts, `an array of at most ${ACCOUNTS_MAX} accounts`)
  }
  for (const [at, key] of accounts.entries()) {
    checkName(key)
    if (accounts.indexOf(key) !== at)
      throw new ConfigurationError(`accounts[${at}]`, key, 'an account not named before')
  }
}

/** The same for what a thread is given. Rules check their own. */
export function checkThreadOptions(options: CostThreadOptions): void {
  for (const name of functions) {
    const given: unknown = options[name]
    if (given !== undefined && typeof given !== 'function') {
      throw new ConfigurationError(name, given, 'a function, or undefined')
    }
  }
  if (options.grantLimitMs !== undefined) whole('grantLimitMs', options.grantLimitMs, 0, LONGEST_MS)
}
