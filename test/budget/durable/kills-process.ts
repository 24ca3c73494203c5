import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { DurableLedger } from '../../../src/budget.js'
import { NOON, SetClock } from './rig.js'
import { type StoreKind, storeOf } from './store-kinds.js'

/** What the test says, and each thread is given. */
export interface Kill {
  readonly store: StoreKind
  readonly folder: string
  /** Where each thread writes what it spends, before it settles. */
  readonly truth: string
  readonly seed: number
  readonly threads: number
  readonly limit: number
  /** What was spent until now, to resolve what is open; undefined to leave it open. */
  readonly resolve?: number
  /** To close after so long, instead of waiting to be killed. */
  readonly closeAfterMs?: number
}

/** What the process says as soon as it knows. */
export interface Opened {
  /** What counts as spent, and what is known to be, by budget. */
  readonly counted: readonly number[]
  readonly known: readonly number[]
  /** After it was resolved. */
  readonly resolved: readonly number[]
}

const kill = JSON.parse(process.argv[2] as string) as Kill
const LIFE_MS = 15_000
setTimeout(() => process.exit(3), LIFE_MS).unref()

const durable = await DurableLedger.open(
  {
    budgets: [
      { per: 'day', limit: kill.limit },
      { per: 'total', limit: kill.limit },
    ],
    // Less than one call wants, so that something is always being granted.
    blocks: kill.limit / 50,
    lookMs: 2,
    checkpointMs: 1,
    maxThreads: 8,
    store: await storeOf(kill.store, kill.folder),
  },
  { clock: new SetClock(NOON) },
)
const account = durable.ledger.account()
const spent = () => account.status().budgets.map(({ spent }) => spent)
const counted = spent()
const leases = durable.openLeases()
const known = ['day', 'total'].map(
  (name, at) => leases.find(({ budget }) => budget === name)?.known ?? (counted[at] as number),
)
if (kill.resolve !== undefined) {
  for (const budget of ['day', 'total']) await durable.resolve('default', budget, kill.resolve)
}
const opened: Opened = { counted, known, resolved: spent() }
process.stdout.write(`${JSON.stringify(opened)}\n`)

const workers = Array.from({ length: kill.threads }, (_, thread) => {
  const workerData = { handle: durable.handle, kill: { ...kill, seed: kill.seed * 100 + thread } }
  return new Worker(new URL('kills-thread.js', import.meta.url), { workerData })
})
await Promise.all(workers.map((worker) => once(worker, 'message')))
process.stdout.write('all threads spend\n')
if (kill.closeAfterMs !== undefined) {
  setTimeout(async () => {
    for (const worker of workers) worker.postMessage('stop')
    await Promise.all(workers.map((worker) => once(worker, 'exit')))
    await durable.close()
  }, kill.closeAfterMs)
}
