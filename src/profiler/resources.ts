import { memoryUsage } from 'node:process'
import { getHeapStatistics } from 'node:v8'

const bytesPerMb = 2 ** 20

/** Resident memory of the whole process, all its threads together, in megabytes of 2²⁰ bytes. */
export function residentMb(): number {
  return memoryUsage.rss() / bytesPerMb
}

/** Heap in use of the calling thread alone, in megabytes of 2²⁰ bytes; what is garbage but not yet collected counts. */
export function heapUsedMb(): number {
  return getHeapStatistics().used_heap_size / bytesPerMb
}
