import { fileURLToPath } from 'node:url'
import type { MessagePort, ResourceLimits, Worker } from 'node:worker_threads'
import { Piscina } from 'piscina'
import type { LoadAnswer, LoadTask } from './load/worker-run.js'

const DESTROY_LIMIT_MS = 10_000

/**
 * The worker threads, owned by Piscina: one task a thread, and a thread that dies is replaced.
 *
 * `atomics: 'disabled'`, because by default an idle worker's event loop stands still: neither a profile nor a sample
 * could be asked of it.
 */
export class WorkerPool {
  readonly #piscina: Piscina

  /** `heap`: what the heap of each thread may hold; without it, what Node gives. */
  constructor(file: URL, threads: number, heap?: ResourceLimits) {
    this.#piscina = new Piscina({
      filename: fileURLToPath(file),
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      atomics: 'disabled',
      recordTiming: false,
      ...(heap ? { resourceLimits: heap } : {}),
    })
    // A thread that fails without a task has nobody else to tell; the next task that it should run times out.
    this.#piscina.on('error', () => {})
  }

  run(task: LoadTask, transfer: MessagePort[]): Promise<LoadAnswer> {
    return this.#piscina.run(task, { transferList: transfer })
  }

  thread(threadId: number): Worker | undefined {
    return this.#piscina.threads.find((worker) => worker.threadId === threadId)
  }

  /** Ends all threads, whatever they do; waits for their exit, but not for ever. */
  async destroy(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DESTROY_LIMIT_MS)
    })
    await Promise.race([this.#piscina.destroy(), limit])
    clearTimeout(timer)
  }
}
