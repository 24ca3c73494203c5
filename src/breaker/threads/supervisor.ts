import type { Worker } from 'node:worker_threads'

/**
 * Sees threads die. A thread can't report its own end (`worker.terminate()`, out of memory), but the thread that created
 * it hears of the exit. `process` emits `worker` for each one that this thread creates; one listener serves all the
 * breakers that this thread is attached to.
 *
 * Limits. A worker that dies with the worker that created it is not seen either, as its creator's listener died too. A worker created before this thread first held a breaker is not seen, nor is one whose creator holds none: tell
 * the breaker with `releaseThread(threadId)`.
 */
export interface Supervised {
  releaseThread(threadId: number): void
}

const supervised = new Set<Supervised>()
let listening = false

/** Calls `releaseThread` for each worker of this thread that exits, until `unsupervise`. */
export function supervise(breaker: Supervised): void {
  supervised.add(breaker)
  if (listening) return
  listening = true
  process.on('worker', (worker: Worker) => {
    // The id is -1 once the worker has exited.
    const { threadId } = worker
    worker.once('exit', () => {
      for (const each of supervised) each.releaseThread(threadId)
    })
  })
}

export function unsupervise(breaker: Supervised): void {
  supervised.delete(breaker)
}
