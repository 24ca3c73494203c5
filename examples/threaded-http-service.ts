/**
 * An HTTP service of several worker threads that call one backend through one circuit breaker. The backend fails in the
 * middle of the run: see all the threads turn away what would fail, and come back together.
 *
 *     node dist/examples/threaded-http-service.js [--workers 4] [--seconds 6] [--separate]
 *
 * With --separate each thread has a breaker of its own, as it would without Busbar.
 */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
// In your own code: from 'busbar'
import { SharedCircuitBreaker, type Transition } from '../src/index.js'
import type { Given, Told } from './threaded-http-worker.js'

const REQUESTS_PER_SECOND = 100

const { values: options } = parseArgs({
  options: {
    workers: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '6' },
    separate: { type: 'boolean', default: false },
  },
})
const workerCount = Math.max(1, Math.trunc(Number(options.workers)))
const requestCount = Math.trunc(Number(options.seconds) * REQUESTS_PER_SECOND)

interface Thread {
  readonly worker: Worker
  readonly url: string
}

// The backend: down for the middle third of the requests.
const count = { sent: 0, sentWhileDown: 0, ok: 0, failed: 0, refused: 0, reached: 0, reachedWhileDown: 0 }
const isDown = () => count.sent > requestCount / 3 && count.sent <= (requestCount * 2) / 3
const backend = createServer((_request, response) => {
  const status = isDown() ? 500 : 200
  count.reached += 1
  if (status === 500) count.reachedWhileDown += 1
  setTimeout(() => response.writeHead(status).end('hello\n'), 5)
}).listen(0, '127.0.0.1')
await once(backend, 'listening')

// The breaker: one for all the threads. (With --separate: one for each.)
const transitions: Transition[] = []
const breakers = Array.from({ length: options.separate ? workerCount : 1 }, (_, index) => createBreaker(index + 1))

// The service: its threads.
const seen = new Map<string, number>()
const threads = await Promise.all(Array.from({ length: workerCount }, (_, index) => startThread(index)))

let stopping = false
process.once('SIGINT', () => {
  stopping = true
})
const began = performance.now()
console.log(`${workerCount} threads with ${options.separate ? 'a breaker each' : 'one breaker'}; Ctrl-C stops them`)
await drive()
await stop()
summarize()

function createBreaker(number: number): SharedCircuitBreaker {
  const breaker = SharedCircuitBreaker.create({
    name: options.separate ? `breaker ${number}` : 'breaker',
    slidingWindow: { type: 'consecutive', size: 5 },
    waitDurationInOpenStateMs: 250,
    permittedNumberOfCallsInHalfOpenState: 2,
    timeoutMs: 1_000,
  })
  breaker.onTransition((transition) => {
    transitions.push(transition)
    say(`${transition.breaker}: ${transition.from} → ${transition.to} (${transition.reason})`)
  })
  return breaker
}

/** Each thread listens on a port of its own, as behind a load balancer. Of the breaker it needs only the handle. */
async function startThread(index: number): Promise<Thread> {
  const { handle } = breakers[index % breakers.length] as SharedCircuitBreaker
  const given: Given = { breaker: handle, backend: urlOf((backend.address() as AddressInfo).port) }
  const worker = new Worker(new URL('threaded-http-worker.js', import.meta.url), { workerData: given })
  const [{ port }] = await once(worker, 'message')
  worker.on('message', (told: Told) => {
    if ('saw' in told) seen.set(told.saw, (seen.get(told.saw) ?? 0) + 1)
  })
  return { worker, url: urlOf(port) }
}

/** Sends requests to the threads in turn, and a line of counts each second. */
async function drive(): Promise<void> {
  const answers: Promise<void>[] = []
  let before = { ...count }
  while (count.sent < requestCount && !stopping) {
    count.sent += 1
    if (isDown()) count.sentWhileDown += 1
    answers.push(request(threads[count.sent % workerCount] as Thread))
    await sleep(1000 / REQUESTS_PER_SECOND)
    if (count.sent % REQUESTS_PER_SECOND > 0) continue
    const since = (name: keyof typeof count) => String(count[name] - before[name]).padStart(4)
    say(
      `ok${since('ok')}  failed${since('failed')}  refused${since('refused')}  reached the backend${since('reached')}`,
    )
    before = { ...count }
  }
  await Promise.all(answers)
}

async function request({ url }: Thread): Promise<void> {
  const { status, headers } = await fetch(url)
  count[status === 200 ? 'ok' : status === 503 && headers.has('retry-after') ? 'refused' : 'failed'] += 1
}

async function stop(): Promise<void> {
  for (const { worker } of threads) worker.postMessage('stop')
  await Promise.all(threads.map(({ worker }) => once(worker, 'exit')))
  for (const breaker of breakers) breaker.detach()
  backend.close()
}

function summarize(): void {
  const { sentWhileDown, reachedWhileDown } = count
  const sightings = transitions.map(({ breaker, epoch }) => seen.get(`${breaker} ${epoch}`) ?? 0)
  const least = Math.min(workerCount, ...sightings)
  console.log(`\n${transitions.length} transitions, each seen by ${least} of ${workerCount} threads`)
  console.log(`while the backend was down: ${sentWhileDown} requests, of which ${reachedWhileDown} reached it`)
  if (options.separate) return
  const separately = Math.min(sentWhileDown, workerCount * reachedWhileDown)
  console.log(`${workerCount} separate breakers would each have had to find out: up to ${separately} (see --separate)`)
}

function say(line: string): void {
  console.log(`${((performance.now() - began) / 1000).toFixed(2).padStart(6)} s   ${line}`)
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`
}
