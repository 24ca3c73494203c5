import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

export const CALLS_BETWEEN = 500

export interface Snapshots {
  readonly before: string
  readonly between: string
  readonly after: string
}

let taken: Promise<Snapshots> | undefined

/** Has a thread leak in all the planted ways, and take its snapshots: once for all tests, as that takes seconds. */
export function snapshotsOfLeaks(): Promise<Snapshots> {
  taken ??= take()
  return taken
}

async function take(): Promise<Snapshots> {
  const folder = await mkdtemp(join(tmpdir(), 'busbar-heap-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const worker = new Worker(new URL('./leaking-thread.js', import.meta.url), {
    workerData: { folder, callsBetween: CALLS_BETWEEN },
  })
  await once(worker, 'message')
  await worker.terminate()
  return {
    before: join(folder, 'before.heapsnapshot'),
    between: join(folder, 'between.heapsnapshot'),
    after: join(folder, 'after.heapsnapshot'),
  }
}
