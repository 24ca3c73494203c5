import { once } from 'node:events'
import { setTimeout } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { ratio } from './row.js'

/** What a thread is told to do, and for how long. */
export interface Task<Work extends string> {
  readonly work: Work
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

/** What every such thread is given beside what is its own. */
export interface ThreadData {
  readonly gate: Int32Array
}

/** Threads that do the same together; `entry` says what, and answers each task with a stint. */
export class CallingThreads<Work extends string> {
  readonly #workers: readonly Worker[]
  readonly #gate = new Int32Array(new SharedArrayBuffer(8))

  constructor(entry: URL, count: number, data: object) {
    const workerData = { ...data, gate: this.#gate }
    this.#workers = Array.from({ length: count }, () => new Worker(entry, { workerData }))
  }

  /** Calls a millisecond of all these threads together; they begin at once. This one sleeps meanwhile. */
  async throughput(threads: readonly number[], task: Task<Work>): Promise<number> {
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

/** How many two threads come to, against one alone. */
export interface Pairs {
  /** Calls a millisecond. */
  readonly alone: readonly number[]
  readonly together: readonly number[]
  readonly ratios: readonly number[]
}

export const PAIRS = 5

/** One and two take turns: the best of each would be the one whose single thread was disturbed. */
export async function pairs<Work extends string>(threads: CallingThreads<Work>, task: Task<Work>): Promise<Pairs> {
  // Compiles the loop in both.
  await threads.throughput([0, 1], task)
  const alone: number[] = []
  const together: number[] = []
  for (let pair = 0; pair < PAIRS; pair++) {
    alone.push(await threads.throughput([pair % 2], task))
    together.push(await threads.throughput([0, 1], task))
  }
  return { alone, together, ratios: together.map((both, pair) => ratio(both, alone[pair] ?? 0)) }
}
