import { stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { getHeapStatistics, writeHeapSnapshot } from 'node:v8'
import type { Pauses } from '../pauses.js'
import { ProfilerError, whole } from '../profile-file.js'
import { availableMemoryBytes } from './available-memory.js'

/** A heap snapshot that lies on disk. */
export interface SnapshotTaken {
  readonly file: string
  readonly bytes: number
  /** How long the thread stood still for it. */
  readonly pauseMs: number
  /** What it was expected to cost, where that was much. */
  readonly note?: string
}

/** About what a snapshot of a heap costs; measured on Node 20 for heaps of 44 and 191 MB. */
export interface SnapshotPrice {
  readonly heapBytes: number
  readonly diskBytes: number
  /** Beyond the heap itself, while it is taken. */
  readonly memoryBytes: number
  readonly pauseMs: number
}

const DISK_A_HEAP_BYTE = 2
const MEMORY_A_HEAP_BYTE = 12
const PAUSE_MS_A_MB = 100
const LARGE_HEAP_BYTES = 64 * 2 ** 20

export function priceOf(heapBytes: number): SnapshotPrice {
  return {
    heapBytes,
    diskBytes: heapBytes * DISK_A_HEAP_BYTE,
    memoryBytes: heapBytes * MEMORY_A_HEAP_BYTE,
    pauseMs: (heapBytes / 2 ** 20) * PAUSE_MS_A_MB,
  }
}

/** What a snapshot costs, in words; of a heap so small that nobody would notice, nothing. */
export function priceText({ heapBytes, diskBytes, memoryBytes, pauseMs }: SnapshotPrice): string | undefined {
  if (heapBytes < LARGE_HEAP_BYTES) return undefined
  return (
    `a snapshot of a heap of ${mb(heapBytes)} takes about ${Math.round(pauseMs / 1000)} s, ` +
    `${mb(memoryBytes)} of memory and ${mb(diskBytes)} of disk`
  )
}

/** What the machine has and does, for tests to put something else in its place. */
export interface SnapshotMeans {
  readonly heapBytes: () => number
  readonly memoryBytes: () => number
  readonly diskBytes: (folder: string) => Promise<number>
  readonly write: (file: string) => void
}

const machine: SnapshotMeans = {
  heapBytes: () => getHeapStatistics().used_heap_size,
  memoryBytes: availableMemoryBytes,
  diskBytes: async (folder) => {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  },
  write: writeHeapSnapshot,
}

/**
 * Writes a `.heapsnapshot` of the calling thread's heap, garbage collected, making the folder where it is missing.
 *
 * V8 writes it straight to the file, so the heap is never doubled in strings; v8-profiler-next and node:inspector drive
 * the same code of V8 and hand each piece to JavaScript besides, at the same price. The thread stands still for all of it.
 * The file gets its name once it is whole.
 *
 * Rejects with a `ProfilerError`: `ERR_MEMORY_SHORT` and `ERR_DISK_SHORT` where there is not enough of it, and nothing
 * was tried; `ERR_PROFILE_NOT_WRITTEN` where the file could not be written, and none is left behind.
 */
export async function takeHeapSnapshot(
  file: string,
  pauses: Pauses,
  means: SnapshotMeans = machine,
): Promise<SnapshotTaken> {
  const price = priceOf(means.heapBytes())
  const note = priceText(price)
  let taken = { bytes: 0, pauseMs: 0 }
  await whole('heap snapshot', file, async (unfinished) => {
    await refuseWhereShort(file, price, means)
    const { pauseMs } = pauses.measure(() => means.write(unfinished))
    const { size: bytes } = await stat(unfinished)
    taken = { bytes, pauseMs }
  })
  return { file, ...taken, ...(note === undefined ? {} : { note }) }
}

async function refuseWhereShort(file: string, price: SnapshotPrice, means: SnapshotMeans): Promise<void> {
  const memoryBytes = means.memoryBytes()
  if (price.memoryBytes > memoryBytes) throw short('ERR_MEMORY_SHORT', file, 'memory', price.memoryBytes, memoryBytes)
  const diskBytes = await means.diskBytes(dirname(file))
  if (price.diskBytes > diskBytes) throw short('ERR_DISK_SHORT', file, 'disk', price.diskBytes, diskBytes)
}

function short(code: string, file: string, what: string, needed: number, left: number): ProfilerError {
  return new ProfilerError(
    code,
    `heap snapshot ${file} was not taken: it needs about ${mb(needed)} of ${what}, and ${mb(left)} are free`,
  )
}

function mb(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MB`
}
