import type { BudgetAccount } from '../budget/ledger/budget-account.js'
import { BudgetLedger } from '../budget/ledger/budget-ledger.js'
import { type SpendingPlan, spendingAccounts } from '../spending.js'
import type { Clock } from '../world/clock.js'
import type { AccountUnderTest, LedgerUnderTest, LedgerUnderTestHandle } from './ledger-under-test.js'
import { OriginalLedger } from './original-ledger.js'

export interface LedgerSize {
  readonly threads: number
  /** Calls that one thread has in flight at most. */
  readonly inFlight: number
}

/** What keeps the budgets of a plan, made by the coordinator. */
export function createLedger(plan: SpendingPlan, { threads, inFlight }: LedgerSize, clock: Clock): LedgerUnderTest {
  if (plan.ledger !== 'reserve-settle') return OriginalLedger.create(plan.ledger, plan)
  const ledger = BudgetLedger.create(
    {
      budgets: plan.budgets.map(({ timeZone, ...budget }) => ({ ...budget, ...(timeZone ? { timeZone } : {}) })),
      accounts: spendingAccounts.length,
      // A killed thread's successor may come before its slot was given back.
      maxThreads: Math.min(256, threads + 8),
      reservationsPerThread: inFlight,
      reservationMs: plan.reservationMs,
    },
    { clock },
  )
  return underTest(ledger)
}

/** A worker's end of it. */
export function attachLedger(handle: LedgerUnderTestHandle, plan: SpendingPlan, clock: Clock): LedgerUnderTest {
  if (handle.kind !== 'reserve-settle') return new OriginalLedger(handle.kind, handle.buffer, plan)
  return underTest(BudgetLedger.attach(handle.ledger, { clock }))
}

function underTest(ledger: BudgetLedger): LedgerUnderTest {
  return {
    handle: { kind: 'reserve-settle', ledger: ledger.handle },
    account: (index) => accountUnderTest(ledger.account(spendingAccounts[index])),
    expire: () => ledger.expire(),
    detach: () => ledger.detach(),
  }
}

function accountUnderTest(account: BudgetAccount): AccountUnderTest {
  return {
    reserve: (amount) => account.tryReserve(amount),
    settle: (hold, actual) => account.settle(hold, actual),
    release: (hold) => account.release(hold),
    status() {
      const { total, budgets } = account.status()
      return {
        total,
        budgets: budgets.map(({ name, limit, period, committed, reserved, spent, overrun }) => {
          return { name, limit, period, committed, reserved, spent, overrun }
        }),
      }
    },
  }
}
