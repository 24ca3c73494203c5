import { workerData } from 'node:worker_threads'
import { type BreakerHandle, SharedCircuitBreaker } from '../src/index.js'
import { serveStints } from './stints.js'
import type { ThreadData } from './throughput.js'

/** A thread that makes two-step calls as fast as it can, for as long as it is told. */
interface Data extends ThreadData {
  readonly handle: BreakerHandle
  /** The floor's control word; each thread counts on memory of its own. */
  readonly control: Int32Array
}

const { handle, gate, control } = workerData as Data
const breaker = SharedCircuitBreaker.attach(handle)
/** A line of this thread's own, with no other near it. */
const counts = new Int32Array(new SharedArrayBuffer(512))
const COUNT = 64
/** So many between two looks at the clock. */
const CALLS_AT_ONCE = 2000

const works = { breaker: callOften, floor: countOften }

serveStints(gate, works, CALLS_AT_ONCE)

function callOften(): void {
  for (let call = 0; call < CALLS_AT_ONCE; call++) breaker.onSuccess(breaker.tryAcquirePermission())
}

function countOften(): void {
  for (let call = 0; call < CALLS_AT_ONCE; call++) if (Atomics.load(control, 0) === 0) Atomics.add(counts, COUNT, 1)
}
