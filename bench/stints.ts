import { parentPort } from 'node:worker_threads'
import { Gate, type Stint, type Task } from './throughput.js'

/** Works on what it is told, from the moment that the gate opens until the time is up; each of `works` makes so many calls between two looks at the clock. */
export function serveStints<Work extends string>(
  gate: Int32Array,
  works: Readonly<Record<Work, () => void>>,
  callsAtOnce: number,
): void {
  parentPort?.on('message', ({ work, durationMs }: Task<Work>) => {
    const often = works[work]
    Atomics.add(gate, Gate.ready, 1)
    Atomics.wait(gate, Gate.open, 0)
    const began = performance.now()
    let calls = 0
    let tookMs = 0
    do {
      often()
      calls += callsAtOnce
      tookMs = performance.now() - began
    } while (tookMs < durationMs)
    parentPort?.postMessage({ calls, tookMs } satisfies Stint)
  })
}
