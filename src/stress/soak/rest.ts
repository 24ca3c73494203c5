import type { SoakRest } from '../../evidence.js'
import type { SnapshotTaken } from '../../profiler/capture/heap-snapshot.js'
import type { ThreadControl } from '../control.js'

/** What is asked of one thread; a worker's questions go over its control line, which ends each after a while. */
export type AskThread = <T>(question: (thread: ThreadControl) => Promise<T>, limitMs?: number) => Promise<T>

const ROUNDS_MAX = 8
/** What goes less than this with a collection has gone. */
const GONE_BYTES = 1024
/** A snapshot of the largest heap that Node allows by itself, 4 GB. */
const SNAPSHOT_LIMIT_MS = 600_000

/** How a thread is looked at while it rests. */
export interface RestOptions {
  /** Where its snapshot goes; without it, objects are counted instead. */
  readonly snapshotFile: string | undefined
  /** For what could not be done; the rest goes on without it. */
  readonly note: (text: string) => void
}

/**
 * Looks at one thread that has nothing in flight.
 *
 * The snapshot comes first, as the first one loads code that stays: so the figures that are compared later have it on
 * both sides. One collection is not enough: finalizers run after it, and what they let go only the next one finds.
 */
export async function lookAt(ask: AskThread, options: RestOptions): Promise<Omit<SoakRest, 'stage' | 'atMs'>> {
  let pauseMs = await ask((thread) => thread.collectGarbage())
  const snapshot = await snapshotOf(ask, options)
  const objects = options.snapshotFile === undefined ? await ask((thread) => thread.objects()) : undefined
  const resources = await ask((thread) => thread.resources())
  let heap = await ask((thread) => thread.heap())
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const before = heap.usedBytes + heap.externalBytes
    pauseMs += await ask((thread) => thread.collectGarbage())
    heap = await ask((thread) => thread.heap())
    if (before - heap.usedBytes - heap.externalBytes < GONE_BYTES) break
  }
  const { usedBytes, externalBytes } = heap
  return {
    usedBytes,
    externalBytes,
    pauseMs: pauseMs + (snapshot?.pauseMs ?? 0),
    resources,
    ...(objects ? { objects } : {}),
    ...(snapshot ? { snapshot } : {}),
  }
}

async function snapshotOf(ask: AskThread, { snapshotFile, note }: RestOptions): Promise<SnapshotTaken | undefined> {
  if (snapshotFile === undefined) return undefined
  try {
    const taken = await ask((thread) => thread.takeHeapSnapshot(snapshotFile), SNAPSHOT_LIMIT_MS)
    if (taken.note !== undefined) note(taken.note)
    return taken
  } catch (error) {
    note(error instanceof Error ? error.message : String(error))
    return undefined
  }
}
