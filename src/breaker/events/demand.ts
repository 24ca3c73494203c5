import type { Cells } from '../../memory/cells.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { isHeld, neverUsed } from '../threads/thread-slots.js'

/**
 * Whether anyone wants the events of every call, so that calls tell nothing while nobody listens.
 *
 * Map. One shared word, `map.demand`: 0 = nobody. On each slot's condition line, at `EVENT_FLAG`, a word that the slot's thread
 * alone writes: bit 0 = this thread wants them (the rest is the event log's).
 *
 * Protocol. Want: set the own flag, then move the shared word to its next value that is not 0. No longer want: clear the
 * own flag, then `settleDemand`: if no held slot's flag is set, exchange the shared word from what it was before the
 * flags were read to 0; then read the flags again, and if one is set, raise the word and begin anew.
 *
 * Why safe. Claim: once all operations are done, the word is 0 only if no flag is set. Take the last clearing of the word. A
 * flag that was set before its second reading of the flags is seen by it, and the word is raised. A flag set after that is
 * followed by its own raising, which comes after the clearing. While others want, the word is not even 0 for a moment: a
 * flag seen at the first reading leaves it alone, and one set between the reading and the exchange has moved the word on,
 * so that the exchange fails (but for a word that was cleared and raised to the same value meanwhile: then it is 0 until the
 * second reading).
 *
 * A thread that dies leaves its flag set, or a clearing half done: its slot's release runs `settleDemand` too.
 *
 * Breaks if the word is set before the flag, or if the flags are not read again.
 *
 * Limits. Where nobody sees a thread's death, its slot stays held and its wish in force: calls go on being told of.
 */
export const EVENT_FLAG = 6

export const WANTS = 1

/** Says that somebody wants every call's events; the own flag must be set already. */
export function raiseDemand(cells: Cells, map: MemoryMap): void {
  for (;;) {
    const demand = cells.load(map.demand)
    const next = demand === -1 ? 1 : demand + 1
    // Ends: an exchange that fails means that another thread's went through.
    if (cells.compareExchange(map.demand, demand, next | 0) === demand) return
  }
}

/** Lets the demand fall to 0 if nobody wants any more; the own flag must be cleared already. */
export function settleDemand(cells: Cells, map: MemoryMap): void {
  for (;;) {
    const demand = cells.load(map.demand)
    if (demand === 0 || anyoneWants(cells, map)) return
    if (cells.compareExchange(map.demand, demand, 0) !== demand) continue
    if (!anyoneWants(cells, map)) return
    // Ends: whoever was seen may have stopped since, and found 0; each further round needs another that comes and goes.
    raiseDemand(cells, map)
  }
}

function anyoneWants(cells: Cells, map: MemoryMap): boolean {
  for (let slot = 0; slot < map.sizes.slots && !neverUsed(cells, map, slot); slot++) {
    if (cells.load(map.condition(slot) + EVENT_FLAG) & WANTS && isHeld(cells, map, slot)) return true
  }
  return false
}
