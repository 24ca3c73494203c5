/**
 * An HTTP service of several worker threads that call a priced API out of one daily budget. See it cut off when the budget is used up, and back at
 * midnight, which comes five seconds after the start. What was spent is in a journal, so it outlives the process.
 *
 *     node dist/examples/priced-api/priced-api.js [--workers 4] [--seconds 8]
 *
 * See that a crash gives no money back: the first of these ends by SIGKILL before midnight, the second begins on the same evening.
 *
 *     node dist/examples/priced-api/priced-api.js --journal spend.journal --crash
 *     node dist/examples/priced-api/priced-api.js --journal spend.journal
 */
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
// In your own code: from 'busbar/budget'
import { DurableLedger, journalFile } from '../../src/budget.js'
import { EveningClock } from './evening-clock.js'
import type { Given } from './priced-api-worker.js'
import { startPricedServer } from './priced-server.js'

/** One unit of the currency a day, in micro-units. */
const DAILY_LIMIT = 1_000_000
const REQUESTS_PER_SECOND = 100
const CRASH_AFTER_MS = 800

const { values: options } = parseArgs({
  options: {
    workers: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '8' },
    journal: { type: 'string' },
    crash: { type: 'boolean', default: false },
  },
})
const workerCount = Math.max(1, Math.trunc(Number(options.workers)))
const requestCount = Math.trunc(Number(options.seconds) * REQUESTS_PER_SECOND)
const folder = options.journal ? undefined : await mkdtemp(join(tmpdir(), 'busbar-priced-api-'))

const clock = new EveningClock(Date.now())
const api = await startPricedServer(() => clock.day())

// The budget: one for all the threads, and for all the processes that come after one another.
const durable = await DurableLedger.open(
  {
    budgets: [{ per: 'day', limit: DAILY_LIMIT, timeZone: 'UTC' }],
    // Of 0.050: a few calls each.
    blocks: 20,
    store: journalFile(options.journal ?? join(folder as string, 'spend.journal')),
    onState: (state, error) => say(`budget: ${state}${error ? `, ${error.message}` : ''}`),
  },
  { clock },
)
const account = await durable.account()
say(`the budget of the day: ${units(spent())} of ${units(DAILY_LIMIT)} are spent`)
for (const { known, counted } of durable.openLeases()) {
  // Somebody who has the API's bill would now say: durable.resolve('default', 'day', bill)
  say(`of that, ${units(counted - known)} were granted when the process before this one crashed, and count as spent`)
}

// The service: its threads.
const threads = await Promise.all(Array.from({ length: workerCount }, startThread))
let stopping = false
let cutOffOn: string | undefined
process.once('SIGINT', () => {
  stopping = true
})
if (options.crash) setTimeout(() => process.kill(process.pid, 'SIGKILL'), CRASH_AFTER_MS)
say(`${workerCount} threads with one budget; Ctrl-C stops them`)
await drive()
await stop()

/** Each thread listens on a port of its own, as behind a load balancer. Of the budget it needs only the handle. */
async function startThread(): Promise<{ worker: Worker; url: string }> {
  const given: Given = { ledger: durable.handle, api: api.url, beganMs: clock.beganMs }
  const worker = new Worker(new URL('priced-api-worker.js', import.meta.url), { workerData: given })
  const [{ port }] = await once(worker, 'message')
  return { worker, url: `http://127.0.0.1:${port}` }
}

/** Sends requests to the threads in turn, and a line each second. */
async function drive(): Promise<void> {
  const answers: Promise<void>[] = []
  for (let sent = 1; sent <= requestCount && !stopping; sent++) {
    answers.push(request((threads[sent % workerCount] as { url: string }).url))
    await sleep(1000 / REQUESTS_PER_SECOND)
    if (sent % REQUESTS_PER_SECOND === 0) say(`${units(spent())} of ${units(DAILY_LIMIT)} are spent today`)
  }
  await Promise.all(answers)
}

/** Says when the service is cut off, and when it is back on another day. */
async function request(url: string): Promise<void> {
  const sentOn = clock.day()
  const { status, headers } = await fetch(url)
  if (status === 502) throw new Error('the API failed')
  if (headers.get('reason') === 'ERR_BUDGET_EXCEEDED' && cutOffOn !== sentOn) {
    cutOffOn = sentOn
    say(`cut off: the budget of the day is used up, retry after ${headers.get('retry-after')} s`)
  } else if (status === 200 && cutOffOn !== undefined && cutOffOn < sentOn) {
    cutOffOn = undefined
    say('back: a new day, a new budget')
  }
}

async function stop(): Promise<void> {
  for (const { worker } of threads) worker.postMessage('stop')
  await Promise.all(threads.map(({ worker }) => once(worker, 'exit')))
  await durable.close()
  api.close()
  if (folder) await rm(folder, { recursive: true, force: true })
  console.log('\nthe API’s bill:')
  for (const [day, cost] of api.bill) console.log(`  ${day}   ${units(cost)}`)
}

function spent(): number {
  return account.status().budgets[0]?.spent ?? 0
}

function units(microUnits: number): string {
  return (microUnits / 1_000_000).toFixed(3)
}

function say(line: string): void {
  console.log(`${clock.text()}   ${line}`)
}
