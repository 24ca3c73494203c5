import { join } from 'node:path'
import { writeHeapSnapshot } from 'node:v8'
import { parentPort, workerData } from 'node:worker_threads'
import { plantedLeaks } from './planted-leaks.js'

/** A thread that leaks, and takes three snapshots of itself on the way. */
const { folder, callsBetween }: { folder: string; callsBetween: number } = workerData
const leaks = plantedLeaks()
let number = 0

function call(times: number): void {
  for (const end = number + times; number < end; number++) for (const leak of leaks) leak.call(number)
}

call(200)
writeHeapSnapshot(join(folder, 'before.heapsnapshot'))
call(callsBetween)
writeHeapSnapshot(join(folder, 'between.heapsnapshot'))
call(callsBetween)
writeHeapSnapshot(join(folder, 'after.heapsnapshot'))
parentPort?.postMessage(leaks.length)
