import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type BreakerHandle, type Rules, SharedCircuitBreaker } from '../../src/index.js'

interface Task {
  readonly reconfigured: BreakerHandle
  readonly rules: readonly Rules[]
}

/** How many changes it makes before it looks whether it is to end. */
const BATCH = 50

/** A thread that gives a breaker one configuration after another, by turns, until it is stopped. */
export class ReconfiguringThread {
  readonly #worker: Worker

  constructor(handle: BreakerHandle, rules: readonly Rules[]) {
    const task: Task = { reconfigured: handle, rules }
    this.#worker = new Worker(new URL(import.meta.url), { workerData: task })
  }

  /** Comes back once it has made its first changes. */
  async runs(): Promise<void> {
    await once(this.#worker, 'message')
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate()
  }
}

if (!isMainThread && workerData?.reconfigured) reconfigureOn(workerData)

function reconfigureOn({ reconfigured, rules }: Task): void {
  const breaker = SharedCircuitBreaker.attach(reconfigured)
  let told = false
  const batch = () => {
    for (let count = 0; count < BATCH; count++) for (const each of rules) breaker.reconfigure(each)
    if (!told) parentPort?.postMessage('running')
    told = true
    setImmediate(batch)
  }
  batch()
}
