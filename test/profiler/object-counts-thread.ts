import { parentPort } from 'node:worker_threads'
import { objectCounts } from '../../src/profiler/object-counts.js'

/** Counts before and after it has made so many maps, in a heap that nothing else has filled. */
const before = objectCounts()?.Map ?? 0
const kept = Array.from({ length: 50_000 }, () => new Map())
const after = objectCounts()?.Map ?? 0
parentPort?.postMessage({ more: after - before, kept: kept.length })
