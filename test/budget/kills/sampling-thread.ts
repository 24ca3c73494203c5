import { parentPort, workerData } from 'node:worker_threads'
import { BudgetLedger, type LedgerHandle } from '../../../src/budget.js'
import { accountKeys, SharedClock, Tally, type TallyHandle, Word } from './tally.js'

/** A thread that reads the ledger all the time, and holds it against what the spending threads tell. */
export interface Sampled {
  readonly samples: number
  /** The first of what was wrong. */
  readonly wrong: readonly string[]
}

const WRONG_KEPT = 10

const { ledger: ledgerHandle, handle } = workerData as { ledger: LedgerHandle; handle: TallyHandle }
const tally = new Tally(handle)
const ledger = BudgetLedger.attach(ledgerHandle, { clock: new SharedClock(handle.longs) })
const accounts = accountKeys.map((key) => ledger.account(key))
const wrong: string[] = []
let samples = 0

function expect(holds: boolean, what: () => string): void {
  if (!holds && wrong.length < WRONG_KEPT) wrong.push(what())
}

while (Atomics.load(handle.words, Word.stop) === 0) {
  for (const [index, account] of accounts.entries()) {
    const least = tally.settled(index)
    const { total, budgets } = account.status()
    const most = tally.about(index)
    expect(least <= total && total <= most, () => `total ${total}, of threads ${least} … ${most}`)
    for (const { name, limit, committed, reserved, spent, overrun, blocking } of budgets) {
      const text = () => `${name}: ${JSON.stringify({ limit, committed, reserved, spent, overrun })}`
      if (blocking) expect(committed <= limit, text)
      expect(reserved >= 0 && overrun >= 0 && spent >= overrun && spent <= total, text)
    }
    samples += 1
  }
}
ledger.detach()
parentPort?.postMessage({ samples, wrong } satisfies Sampled)
