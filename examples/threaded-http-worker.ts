import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
// In your own code: from 'busbar'
import { type BreakerHandle, CallNotPermittedError, SharedCircuitBreaker } from '../src/index.js'

/** What the thread is given. */
export interface Given {
  readonly breaker: BreakerHandle
  readonly backend: string
}

/** What it tells: where it listens, then each transition that it sees. */
export type Told = { readonly port: number } | { readonly saw: string }

const { breaker: handle, backend } = workerData as Given
const breaker = SharedCircuitBreaker.attach(handle)

const server = createServer(async (_request, response) => {
  try {
    response.end(await breaker.execute(askBackend))
  } catch (error) {
    if (error instanceof CallNotPermittedError) {
      response.writeHead(503, { 'retry-after': inSeconds(error.retryAfterMs) }).end('not now\n')
    } else {
      response.writeHead(502).end('the backend failed\n')
    }
  }
})

/** The signal is aborted when the breaker's timeout strikes. */
async function askBackend(signal: AbortSignal): Promise<string> {
  const answer = await fetch(backend, { signal })
  if (!answer.ok) throw new Error(`the backend answered ${answer.status}`)
  return answer.text()
}

/** At least a second; and a circuit that is held open by hand, whose wait is infinite, may be asked again in an hour. */
function inSeconds(retryAfterMs: number): string {
  return String(Math.min(Math.max(1, Math.ceil(retryAfterMs / 1000)), 3600))
}

server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }))
breaker.onTransition((transition) => tell({ saw: `${transition.breaker} ${transition.epoch}` }))
parentPort?.once('message', () => server.close(() => breaker.detach())) // the word to stop

function tell(told: Told): void {
  parentPort?.postMessage(told)
}
