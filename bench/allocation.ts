import { PerformanceObserver } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import type { Loop } from './rounds.js'

/** Flags of a process whose young generation holds the garbage of all calls measured, so that nothing is collected meanwhile. */
export const roomForAllocation = ['--min-semi-space-size=256', '--max-semi-space-size=256']

const CALLS = 1_000_000
/** Short turns, so that the loop is compiled as a whole, and not only from its middle on. */
const WARM_UP_TURNS = 200
const WARM_UP_CALLS = 10_000
const STRETCHES = 3

/**
 * How far the heap grows with each call, once the loop is compiled. Of a few stretches the least counts: the engine
 * allocates for itself now and then. A stretch in which garbage was collected says nothing; all of them, and it throws.
 */
export async function bytesPerCall(loop: Loop): Promise<number> {
  for (let turn = 0; turn < WARM_UP_TURNS; turn++) await loop(WARM_UP_CALLS)
  const results: number[] = []
  for (let stretch = 0; stretch < STRETCHES; stretch++) {
    const { bytes, collected } = await growth(loop)
    if (!collected) results.push(bytes / CALLS)
  }
  if (results.length === 0) throw new Error('garbage was collected in every stretch: nothing was measured')
  return Math.min(...results)
}

async function growth(loop: Loop): Promise<{ bytes: number; collected: boolean }> {
  let collected = false
  const observer = new PerformanceObserver((list) => {
    collected ||= list.getEntries().some(({ startTime }) => startTime >= began)
  })
  observer.observe({ entryTypes: ['gc'] })
  const before = process.memoryUsage().heapUsed
  const began = performance.now()
  await loop(CALLS)
  const bytes = process.memoryUsage().heapUsed - before
  // Entries come with a turn of the event loop.
  await setImmediate()
  await setImmediate()
  observer.disconnect()
  return { bytes, collected }
}
