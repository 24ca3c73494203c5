import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
// In your own code: from 'busbar/budget'
import { BudgetExceededError, BudgetLedger, BudgetNotGrantedError, type LedgerHandle } from '../../src/budget.js'
import { EveningClock } from './evening-clock.js'
import { PRICE_MAX } from './priced-server.js'

/** What the thread is given. */
export interface Given {
  readonly ledger: LedgerHandle
  readonly api: string
  readonly beganMs: number
}

const { ledger: handle, api, beganMs } = workerData as Given
const ledger = BudgetLedger.attach(handle, { clock: new EveningClock(beganMs) })
const account = ledger.account()

const server = createServer(async (_request, response) => {
  try {
    response.end(await askApi())
  } catch (error) {
    if (error instanceof BudgetExceededError || error instanceof BudgetNotGrantedError) {
      const retryAfter = Math.ceil(error.retryAfterMs / 1000)
      response.writeHead(429, { 'retry-after': String(retryAfter), reason: error.code }).end('no money left\n')
    } else {
      response.writeHead(502).end('the API failed\n')
    }
  }
})

/** Reserves the most that it can cost, and settles what it has cost. */
async function askApi(): Promise<string> {
  const reservation = await account.reserveSoon(PRICE_MAX, 1_000)
  // Once a call is sent nobody knows whether it is charged; so if it fails, all counts.
  let actual = PRICE_MAX
  try {
    const answer = await fetch(api)
    const { cost } = (await answer.json()) as { cost: number }
    actual = cost
    return `it cost ${cost}\n`
  } finally {
    account.settle(reservation, actual)
  }
}

server.listen(0, '127.0.0.1', () => parentPort?.postMessage({ port: (server.address() as AddressInfo).port }))
parentPort?.once('message', () => server.close(() => ledger.detach())) // the word to stop
