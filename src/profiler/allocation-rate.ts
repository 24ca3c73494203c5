import { getHeapStatistics } from 'node:v8'
import { collectedDuring } from '../world/collections.js'
import type { Loop } from './turns.js'

export interface Stretches {
  readonly calls: number
  readonly stretches: number
  /** Each of 10,000 calls. Default 200. */
  readonly warmUpTurns?: number
}

/** Short turns, so that the loop is compiled as a whole, and not only from its middle on. */
const WARM_UP_TURNS = 200
const WARM_UP_CALLS = 10_000

/**
 * How far the heap grows with each call, once the loop is compiled, in bytes. Of a few stretches the least counts: the engine
 * allocates for itself now and then. A stretch in which garbage was collected says nothing; undefined where all were such.
 */
export async function bytesPerCall(
  loop: Loop,
  { calls, stretches, warmUpTurns = WARM_UP_TURNS }: Stretches,
): Promise<number | undefined> {
  for (let turn = 0; turn < warmUpTurns; turn++) await loop(WARM_UP_CALLS)
  const results: number[] = []
  for (let stretch = 0; stretch < stretches; stretch++) {
    let bytes = 0
    const collected = await collectedDuring(async () => {
      const before = getHeapStatistics().used_heap_size
      await loop(calls)
      bytes = getHeapStatistics().used_heap_size - before
    })
    if (!collected) results.push(bytes / calls)
  }
  return results.length === 0 ? undefined : Math.max(0, Math.min(...results))
}
