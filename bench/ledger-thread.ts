import { workerData } from 'node:worker_threads'
import { BudgetLedger, type LedgerHandle } from '../src/budget.js'
import { ACTUAL, ENDLESS, ESTIMATE } from './ledgers.js'
import { OriginalBudget, type OriginalHandle } from './original-budget.js'
import { serveStints } from './stints.js'
import type { ThreadData } from './throughput.js'

/** A thread that spends from one budget as fast as it can, for as long as it is told. */
interface Data extends ThreadData {
  readonly ledger: LedgerHandle
  readonly original: OriginalHandle
}

const { ledger, original, gate } = workerData as Data
const account = BudgetLedger.attach(ledger).account()
const budget = new OriginalBudget(original, [ENDLESS, ENDLESS])
/** So many between two looks at the clock. */
const CALLS_AT_ONCE = 1000
const call = () => ACTUAL

const works = { ledger: spendOften, original: originalOften }
export type Spending = keyof typeof works

serveStints(gate, works, CALLS_AT_ONCE)

function spendOften(): void {
  for (let turn = 0; turn < CALLS_AT_ONCE; turn++) account.settle(account.reserve(ESTIMATE), ACTUAL)
}

function originalOften(): void {
  for (let turn = 0; turn < CALLS_AT_ONCE; turn++) budget.spend(ESTIMATE, call)
}
