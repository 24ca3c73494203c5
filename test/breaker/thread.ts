import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type BreakerHandle, SharedCircuitBreaker } from '../../src/index.js'
import { attempt, failing } from './driver.js'

/** What a thread of these tests is told to do, one job after another; it answers each. */
export type Job =
  | { readonly do: 'call'; readonly times: number; readonly failEvery: number }
  | { readonly do: 'take' }
  | { readonly do: 'listen' }

/** A worker thread with an end of its own of a breaker. */
export class TestThread {
  readonly #worker: Worker

  constructor(handle: BreakerHandle) {
    this.#worker = new Worker(new URL(import.meta.url), { workerData: handle })
  }

  /** Tells the thread to do something, and gives its answer. */
  async run(job: Job): Promise<unknown> {
    const answer = once(this.#worker, 'message')
    this.#worker.postMessage(job)
    const [value] = await answer
    return value
  }

  /** The next message that the thread sends unasked. */
  async hear(): Promise<unknown> {
    const [value] = await once(this.#worker, 'message')
    return value
  }

  /** Ends the thread wherever it is, and comes back once its exit was seen. */
  async terminate(): Promise<void> {
    const exited = once(this.#worker, 'exit')
    await this.#worker.terminate()
    await exited
  }
}

if (!isMainThread && parentPort && workerData?.buffer) serve(workerData)

function serve(handle: BreakerHandle): void {
  const breaker = SharedCircuitBreaker.attach(handle)
  parentPort?.on('message', (job: Job) => parentPort?.postMessage(perform(breaker, job)))
}

function perform(breaker: SharedCircuitBreaker, job: Job): unknown {
  switch (job.do) {
    case 'take':
      return breaker.tryAcquirePermission()
    case 'listen':
      breaker.onTransition(({ from, to, epoch }) => parentPort?.postMessage(`${from} → ${to} in epoch ${epoch}`))
      return 'listening'
    case 'call': {
      let refused = 0
      for (let call = 1; call <= job.times; call++) {
        const action = call % job.failEvery === 0 ? failing : () => 'done'
        const outcome = attempt(() => breaker.executeSync(action)) as { code?: string }
        if (outcome?.code === 'ERR_CALL_NOT_PERMITTED') refused += 1
      }
      return refused
    }
  }
}
