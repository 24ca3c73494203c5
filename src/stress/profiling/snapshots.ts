import { availableParallelism } from 'node:os'
import { availableMemoryBytes } from '../../profiler/capture/available-memory.js'
import { priceOf, priceText, type SnapshotTaken } from '../../profiler/capture/heap-snapshot.js'
import type { ThreadControl } from '../control.js'

/** A thread whose heap is to be written down. */
export interface Snapshotted {
  readonly thread: string
  readonly ask: <T>(act: (control: ThreadControl) => Promise<T>, limitMs?: number) => Promise<T>
}

const ASK_LIMIT_MS = 30_000
/** How much longer than expected a snapshot may take before its thread counts as silent. */
const PATIENCE = 10

/**
 * Heap snapshots of several threads, as many at once as there are cores and memory for. Who waits is told the price of a
 * large heap before it is paid. A thread that has none to give is said; the others are not held up.
 */
export async function takeSnapshots(
  threads: readonly Snapshotted[],
  fileOf: (thread: string) => string,
  tell: (note: string) => void,
  signal: AbortSignal,
  lanesOf: (largestBytes: number) => number = lanesFor,
): Promise<{ taken: (SnapshotTaken & { readonly thread: string })[]; files: string[]; notes: string[] }> {
  const taken: (SnapshotTaken & { readonly thread: string })[] = []
  const notes: string[] = []
  const heaps = await Promise.all(threads.map((thread) => heapOf(thread)))
  const pending = threads.map((thread, index) => ({ ...thread, price: priceOf(heaps[index] ?? 0) }))
  const lane = async () => {
    for (let next = pending.shift(); next; next = pending.shift()) {
      const { thread, ask, price } = next
      const file = fileOf(thread)
      try {
        if (signal.aborted) throw new Error('the run was cut short, or its rest was over')
        const note = priceText(price)
        if (note !== undefined) tell(`${thread}: ${note}`)
        const limitMs = ASK_LIMIT_MS + PATIENCE * price.pauseMs
        const snapshot = await ask((control) => control.takeHeapSnapshot(file), limitMs)
        taken.push({ ...snapshot, thread })
        notes.push(...(snapshot.note === undefined ? [] : [`${thread}: ${snapshot.note}`]))
      } catch (error) {
        notes.push(`no heap snapshot of ${thread}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }
  }
  const largest = Math.max(0, ...pending.map(({ price }) => price.memoryBytes))
  await Promise.all(Array.from({ length: lanesOf(largest) }, lane))
  return { taken, files: taken.map(({ file }) => file), notes }
}

/** How many snapshots of that price fit beside each other; one is always tried, and is refused by its own thread. */
function lanesFor(largestBytes: number): number {
  const fitting = largestBytes > 0 ? Math.floor(availableMemoryBytes() / largestBytes) : 1
  return Math.max(1, Math.min(availableParallelism(), fitting))
}

/** Unknown where the thread is silent: its snapshot will say so. */
async function heapOf({ ask }: Snapshotted): Promise<number | undefined> {
  try {
    return (await ask((control) => control.heap())).usedBytes
  } catch {
    return undefined
  }
}
