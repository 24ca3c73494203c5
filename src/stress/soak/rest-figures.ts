import type { SoakRest } from '../../evidence.js'
import type { Snapshotted } from '../profiling/snapshots.js'

const ROUNDS_MAX = 8
/** Where less than this goes with a collection, all has gone. */
const GONE_BYTES = 1024

export type RestFigures = Omit<SoakRest, 'stage' | 'atMs' | 'snapshot'> & { readonly heapLimitBytes: number }

/**
 * What one thread holds that has nothing in flight.
 *
 * One collection is not enough: finalizers run after it, and what they let go only the next one finds. `counts`: whether
 * objects are counted by class, which takes a quarter of a second for each.
 */
export async function restFigures({ ask }: Snapshotted, counts: boolean): Promise<RestFigures> {
  const objects = counts ? await ask((thread) => thread.objects()) : undefined
  const resources = await ask((thread) => thread.resources())
  let pauseMs = 0
  let heldBytes = Number.POSITIVE_INFINITY
  for (let round = 1; ; round += 1) {
    pauseMs += await ask((thread) => thread.collectGarbage())
    const { usedBytes, externalBytes, limitBytes } = await ask((thread) => thread.heap())
    const goneBytes = heldBytes - usedBytes - externalBytes
    heldBytes = usedBytes + externalBytes
    if (goneBytes >= GONE_BYTES && round < ROUNDS_MAX) continue
    return {
      usedBytes,
      externalBytes,
      heapLimitBytes: limitBytes,
      pauseMs,
      resources,
      ...(objects ? { objects } : {}),
    }
  }
}
