import type { Cells } from '../../memory/cells.js'
import { withdraw as withdrawFromLog } from '../events/event-log.js'
import { ControlWords } from '../life/control-word.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { claimsOfThread, releaseSlot, type SlotClaim } from '../threads/thread-slots.js'
import { withdrawAges } from './call-ages.js'
import { Leases } from './leases.js'
import { Seats } from './seats.js'
import { withdrawCutOff } from './thread-standing.js'

/** Ends a thread's part: gives back all that it held of the circuit, then its slot. Returns how many leases it held. */
export function release(cells: Cells, map: MemoryMap, claim: SlotClaim): number {
  const { slot } = claim
  let leases = 0
  releaseSlot(cells, map, claim, () => {
    leases = new Leases(cells, map, new ControlWords(map.sizes.slots), slot).reclaimOf(slot)
    new Seats(cells, map, slot).reclaimOf(slot)
    withdrawAges(cells, map.condition(slot))
    withdrawCutOff(cells, map.condition(slot))
    withdrawFromLog(cells, map, slot)
  })
  // The thread may have ended between a transition and the waking of those who wait for it.
  cells.notify(map.control, Number.POSITIVE_INFINITY)
  return leases
}

/** The same for each end that a thread that has ended had; `reclaimed` hears the slot of each lease. Takes no slot. */
export function releaseEnded(
  cells: Cells,
  map: MemoryMap,
  endedThreadId: number,
  reclaimed?: (slot: number) => void,
): void {
  // A worker's id is -1 once it has ended: it names nobody.
  if (endedThreadId < 0) return
  for (const claim of claimsOfThread(cells, map, endedThreadId)) {
    const leases = release(cells, map, claim)
    for (let lease = 0; lease < leases; lease++) reclaimed?.(claim.slot)
  }
}
