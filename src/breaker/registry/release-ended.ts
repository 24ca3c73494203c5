import type { Cells } from '../../memory/cells.js'
import { Leases } from '../admission/leases.js'
import { ControlWords } from '../life/control-word.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { claimsOfThread, releaseSlot } from '../threads/thread-slots.js'

/** Gives back all that a thread that has ended held of one breaker. The caller needs no slot of it. */
export function releaseEnded(cells: Cells, map: MemoryMap, endedThreadId: number): void {
  for (const claim of claimsOfThread(cells, map, endedThreadId)) {
    releaseSlot(cells, map, claim, () => {
      new Leases(cells, map, new ControlWords(map.sizes.slots), claim.slot).reclaimOf(claim.slot)
    })
    // The thread may have ended between a transition and the waking of those who wait for it.
    cells.notify(map.control, Number.POSITIVE_INFINITY)
  }
}
