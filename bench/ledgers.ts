import { type BudgetAccount, BudgetLedger, type BudgetOptions } from '../src/budget.js'

/** So much that no benchmark comes near it: a call that is refused would be another one. */
export const ENDLESS = Number.MAX_SAFE_INTEGER
/** What each call reserves, and what it then costs. */
export const ESTIMATE = 20_000
export const ACTUAL = 17_350

/** As many as are asked for are taken from the front. */
const usual: readonly BudgetOptions[] = [
  { per: 'day', limit: ENDLESS },
  { per: 'month', limit: ENDLESS },
  { per: 'hour', limit: ENDLESS },
  { per: 'total', limit: ENDLESS },
  { per: 'minute', limit: ENDLESS },
  { name: 'a day of New York', per: 'day', timeZone: 'America/New_York', limit: ENDLESS },
  { name: 'a month of New York', per: 'month', timeZone: 'America/New_York', limit: ENDLESS },
  { name: 'an hour of Kolkata', per: 'hour', timeZone: 'Asia/Kolkata', limit: ENDLESS },
]

/** A ledger on the machine's own clock: to read it is part of every reservation. */
export function ledgerOf(budgets: number): BudgetLedger {
  return BudgetLedger.create({ name: 'measured', budgets: usual.slice(0, budgets) })
}

/** A row whose calls were refused, or came to another sum, would be worse than none. */
export function expectSpent(account: BudgetAccount, calls: number): void {
  const { total, budgets } = account.status()
  if (total !== calls * ACTUAL) throw new Error(`${calls} calls should come to ${calls * ACTUAL}, not to ${total}`)
  if (budgets.some(({ reserved }) => reserved !== 0)) throw new Error('something is still reserved')
}
