import { parentPort, workerData } from 'node:worker_threads'
import { BudgetLedger } from '../../../src/budget.js'
import { SetClock } from './rig.js'

/** Reserves and settles until nothing is left, with nothing else that would keep the thread alive while it waits. */
const { handle, key, amount } = workerData
const account = BudgetLedger.attach(handle, { clock: new SetClock() }).account(key)
let spent = 0
let ended: unknown
while (ended === undefined) {
  try {
    account.settle(await account.reserveSoon(amount, 10_000), amount)
    spent += amount
  } catch (error) {
    ended = (error as { code: string }).code
  }
}
parentPort?.postMessage({ spent, ended })
