import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { SharedCircuitBreaker } from '../src/index.js'

/** What a thread is told to do, and for how long. */
export interface Task {
  /** `floor`: what a call can't do without, in place of the breaker. What that loses, the machine loses. */
  readonly work: 'breaker' | 'floor'
  readonly durationMs: number
}

/** What a thread answers: how many calls it made, and in what time. */
export interface Stint {
  readonly calls: number
  readonly tookMs: number
}

/** Cells that the threads of a stint share: how many have come, and whether they may begin. */
export const Gate = { ready: 0, open: 1 } as const

const READY_LIMIT_MS = 10_000

/** Threads that call one breaker together, each with an end of its own. */
export class CallingThreads {
  readonly #workers: readonly Worker[]
  readonly #gate = new Int32Array(new SharedArrayBuffer(8))
  /** The floor's control word; each thread counts on memory of its own. */
  readonly #control = new Int32Array(new SharedArrayBuffer(512))

  constructor(breaker: SharedCircuitBreaker, count: number) {
    const workerData = { handle: breaker.handle, gate: this.#gate, control: this.#control }
    const entry = new URL('./throughput-thread.js', import.meta.url)
    this.#workers = Array.from({ length: count }, () => new Worker(entry, { workerData }))
  }

  /** Calls a millisecond of all these threads together; they begin at once. This one sleeps meanwhile. */
  async throughput(threads: readonly number[], task: Task): Promise<number> {
    Atomics.store(this.#gate, Gate.ready, 0)
    Atomics.store(this.#gate, Gate.open, 0)
    const answers = threads.map(async (thread) => {
      const worker = this.#workers[thread]
      if (!worker) throw new Error(`there is no thread ${thread}`)
      const answer = once(worker, 'message')
      worker.postMessage(task)
      const { calls, tookMs } = (await answer)[0] as Stint
      return calls / tookMs
    })
    await this.#allReady(threads.length)
    Atomics.store(this.#gate, Gate.open, 1)
    Atomics.notify(this.#gate, Gate.open)
    return (await Promise.all(answers)).reduce((sum, each) => sum + each, 0)
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()))
  }

  async #allReady(count: number): Promise<void> {
    const limit = performance.now() + READY_LIMIT_MS
    while (Atomics.load(this.#gate, Gate.ready) < count) {
      if (performance.now() > limit) throw new Error('a thread was not ready in time')
      await setTimeout(1)
    }
  }
}
