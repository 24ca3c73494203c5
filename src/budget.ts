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
export {
  DurableLedger,
  type DurableOptions,
  type DurableState,
  type OpenLease,
} from './budget/durable/durable-ledger.js'
export { DurableError, type DurableErrorCode } from './budget/durable/errors.js'
export { type JournalFileOptions, journalFile } from './budget/durable/journal-file.js'
export type { BudgetStore, StoredAccount, StoredBudget } from './budget/durable/store.js'
export type { AccountStatus, BudgetAccount, BudgetStatus, Settlement } from './budget/ledger/budget-account.js'
export { BudgetLedger, type LedgerWorld } from './budget/ledger/budget-ledger.js'
export {
  BudgetExceededError,
  BudgetNotGrantedError,
  LedgerError,
  type LedgerErrorCode,
} from './budget/ledger/errors.js'
export type { SpentPart } from './budget/ledger/kept-account.js'
export type { BudgetOptions, LedgerHandle, LedgerOptions } from './budget/ledger/options.js'
export type { ReservationId } from './budget/ledger/reservations.js'
export { type Period, type PeriodOptions, periodOf } from './budget/period/period.js'
