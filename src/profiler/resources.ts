import { readdirSync } from 'node:fs'
import process, { memoryUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'

const bytesPerMb = 2 ** 20

let lastResidentMb = 0

/**
 * Resident memory of the whole process, all its threads together, in megabytes of 2²⁰ bytes. What it was when last asked, where
 * the system can't tell now: on Linux it takes a file descriptor to know, and there may be none left.
 */
export function residentMb(readBytes: () => number = memoryUsage.rss): number {
  try {
    lastResidentMb = readBytes() / bytesPerMb
  } catch {
    // The last one stands.
  }
  return lastResidentMb
}

/**
 * Memory that V8 holds for the calling thread alone, in megabytes of 2²⁰ bytes: of its heap what has been touched, be it in use, garbage
 * or free again, as what is only reserved is not resident; and what V8 has allocated beside the heap, which is the compiler's most of all.
 */
export function heapHeldMb(): number {
  const { total_physical_size, malloced_memory } = getHeapStatistics()
  return (total_physical_size + malloced_memory) / bytesPerMb
}

/** Memory of one thread, in bytes. What is garbage but not yet collected counts. */
export interface HeapFigures {
  readonly usedBytes: number
  /** Beyond which V8 ends the thread. */
  readonly limitBytes: number
  /** Held by objects of the heap, but outside it; array buffers are a part of this. */
  readonly externalBytes: number
  readonly arrayBuffersBytes: number
  /** What V8 itself has allocated. */
  readonly mallocedBytes: number
}

export function heapFigures(): HeapFigures {
  const { used_heap_size, heap_size_limit, external_memory, malloced_memory } = getHeapStatistics()
  return {
    usedBytes: used_heap_size,
    limitBytes: heap_size_limit,
    externalBytes: external_memory,
    arrayBuffersBytes: memoryUsage().arrayBuffers,
    mallocedBytes: malloced_memory,
  }
}

/** What a thread holds besides memory. */
export interface ResourceCounts {
  /** Handles and requests that keep this thread's event loop alive, by Node's name of their type. */
  readonly handles: Readonly<Record<string, number>>
  /** Of those, timeouts, intervals and immediates; one that was unreferenced is not among them. */
  readonly timers: number
  readonly ports: number
  /** Listeners on this thread's `process`, the one emitter that everybody can reach. Others show in a heap snapshot. */
  readonly listeners: number
  /** Of the whole process, as all threads share them; absent where the system has no /proc. */
  readonly fileDescriptors?: number
  readonly threads?: number
}

export function resourceCounts(): ResourceCounts {
  const handles: Record<string, number> = {}
  for (const type of process.getActiveResourcesInfo()) handles[type] = (handles[type] ?? 0) + 1
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  // To read the folder takes a descriptor, which is listed as well.
  const fileDescriptors = entries('/proc/self/fd', -1)
  const threads = entries('/proc/self/task', 0)
  return {
    handles,
    timers: (handles.Timeout ?? 0) + (handles.Immediate ?? 0),
    ports: handles.MessagePort ?? 0,
    listeners,
    ...(fileDescriptors === undefined ? {} : { fileDescriptors }),
    ...(threads === undefined ? {} : { threads }),
  }
}

function entries(folder: string, correction: number): number | undefined {
  try {
    return readdirSync(folder).length + correction
  } catch {
    return undefined
  }
}
