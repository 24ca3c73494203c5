import { parentPort, workerData } from 'node:worker_threads'
import { BudgetLedger, type LedgerHandle } from '../src/budget.js'
import { ACTUAL, ENDLESS, ESTIMATE } from './ledgers.js'
import { OriginalBudget, type OriginalHandle } from './original-budget.js'
import { Gate, type Stint, type Task, type ThreadData } from './throughput.js'

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

parentPort?.on('message', ({ work, durationMs }: Task<Spending>) => {
  const often = works[work]
  Atomics.add(gate, Gate.ready, 1)
  Atomics.wait(gate, Gate.open, 0)
  const began = performance.now()
  let calls = 0
  let tookMs = 0
  do {
    often()
    calls += CALLS_AT_ONCE
    tookMs = performance.now() - began
  } while (tookMs < durationMs)
  parentPort?.postMessage({ calls, tookMs } satisfies Stint)
})

function spendOften(): void {
  for (let turn = 0; turn < CALLS_AT_ONCE; turn++) account.settle(account.reserve(ESTIMATE), ACTUAL)
}

function originalOften(): void {
  for (let turn = 0; turn < CALLS_AT_ONCE; turn++) budget.spend(ESTIMATE, call)
}
