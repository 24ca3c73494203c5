import { ConfigurationError } from '../../breaker/errors.js'
import { LONGEST_MS, oneOf, powerOfTwoFrom, resolveName, whole } from '../../breaker/resolve-options.js'
import { checkAmount } from './errors.js'
import type { BudgetOptions, LedgerOptions, ResolvedBudget, ResolvedLedger } from './options.js'
import { SLOTS_MAX } from './reservations.js'

const BUDGETS_MAX = 16

/** Throws a `ConfigurationError` for the first field that is not allowed. */
export function resolveLedgerOptions(options: LedgerOptions): ResolvedLedger {
  const budgets = resolveBudgets(options.budgets)
  return {
    name: resolveName(options.name ?? 'ledger'),
    budgets,
    accounts: whole('accounts', options.accounts ?? 1, 1, 65_536),
    // A head must leave a bit to the slot, or its sequence number would fill a signed cell.
    slots: Math.max(2, powerOfTwoFrom(whole('maxThreads', options.maxThreads ?? 64, 1, SLOTS_MAX))),
    reservations: Math.max(
      4,
      powerOfTwoFrom(whole('reservationsPerThread', options.reservationsPerThread ?? 256, 1, 4096)),
    ),
    reservationMs: whole('reservationMs', options.reservationMs ?? 60_000, 1, LONGEST_MS),
    expired: oneOf('expired', options.expired ?? 'release', ['release', 'charge']),
  }
}

function resolveBudgets(budgets: unknown): ResolvedBudget[] {
  if (!Array.isArray(budgets) || budgets.length < 1 || budgets.length > BUDGETS_MAX) {
    throw new ConfigurationError('budgets', budgets, `1 to ${BUDGETS_MAX} budgets`)
  }
  const resolved = budgets.map((budget: BudgetOptions, at) => resolveBudget(`budgets[${at}]`, budget))
  const names = resolved.map(({ name }) => name)
  const twice = names.findIndex((name, at) => names.indexOf(name) !== at)
  if (twice >= 0)
    throw new ConfigurationError(`budgets[${twice}].name`, names[twice], 'a name that no other budget has')
  return resolved
}

function resolveBudget(field: string, budget: BudgetOptions): ResolvedBudget {
  const { limit, blocking = true } = budget
  checkAmount(`${field}.limit`, limit)
  if (limit === 0) throw new ConfigurationError(`${field}.limit`, limit, 'at least 1 micro-unit')
  if (typeof blocking !== 'boolean') throw new ConfigurationError(`${field}.blocking`, blocking, 'true or false')
  const opening = budget.opening ?? limit
  checkAmount(`${field}.opening`, opening)
  if (opening > limit) throw new ConfigurationError(`${field}.opening`, opening, `at most the limit, ${limit}`)
  return { ...budget, name: resolveName(budget.name ?? budget.per), limit, blocking, opening }
}
