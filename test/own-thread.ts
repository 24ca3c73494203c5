import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/**
 * Runs a module in a thread of its own and answers with what it posts: what looks at a whole heap takes a hundred times as long in
 * mocha's, which has all tests in it.
 */
export async function inOwnThread<Answer>(module: URL, workerData?: unknown): Promise<Answer> {
  const worker = new Worker(module, { workerData })
  try {
    const [answer] = await once(worker, 'message')
    return answer as Answer
  } finally {
    await worker.terminate()
  }
}
