import type { Cells } from '../../memory/cells.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { isHeld, neverUsed } from '../threads/thread-slots.js'

/**
 * Whether anyone wants the events of every call, so that calls tell nothing while nobody listens.
 *
 * Map. One shared word, `map.demand`: bit 0 = somebody wants them; the rest counts its changes, and wraps. On each slot's
 * condition line, at `EVENT_FLAG`, a word that the slot's thread alone writes: bit 0 = this thread wants them (the rest is the
 * event log's).
 *
 * Protocol. Want: set the own flag, then move the shared word to its next value that is wanted. No longer want: clear the
 * own flag, then `settleDemand`: if no held slot's flag is set, exchange the shared word from what it was before the
 * flags were read to the next, which is not wanted.
 *
 * Why safe. Claim: from when a thread has raised the word until it clears its flag, the word is wanted at every moment. Take
 * any clearing of the word. A flag that was set before its reading of the flags is seen, and the word is left alone. One set
 * after that is followed by its own raising: if that came before the exchange, the word has moved on and, as it only
 * counts up, is not what it was, so the exchange fails; otherwise it comes after the clearing, and raises the word again.
 *
 * A thread that dies leaves its flag set, or a clearing half done: its slot's release runs `settleDemand` too.
 *
 * Breaks if the word is set before the flag; or if it is cleared to a value that it had before: then a clearing that was
 * begun then goes through now, under a wish that it has not seen.
 *
 * Limits. Where nobody sees a thread's death, its slot stays held and its wish in force: calls go on being told of. A
 * clearing that sleeps while the word changes 2³¹ times may take it for unchanged.
 */
export const EVENT_FLAG = 6

export const WANTS = 1

/** Of the shared word. */
const WANTED = 1

/** Whether any thread asks for the events of every call. */
export function isDemanded(cells: Cells, map: MemoryMap): boolean {
  return (cells.load(map.demand) & WANTED) !== 0
}

/** Says that somebody wants every call's events; the own flag must be set already. */
export function raiseDemand(cells: Cells, map: MemoryMap): void {
  for (;;) {
    const demand = cells.load(map.demand)
    // Ends: an exchange that fails means that another thread's went through.
    if (cells.compareExchange(map.demand, demand, (demand + 1) | WANTED) === demand) return
  }
}

/** Lets the demand fall if nobody wants any more; the own flag must be cleared already. */
export function settleDemand(cells: Cells, map: MemoryMap): void {
  for (;;) {
    const demand = cells.load(map.demand)
    if ((demand & WANTED) === 0 || anyoneWants(cells, map)) return
    // Ends: as above; who moved it on wants events, or has seen that nobody does.
    if (cells.compareExchange(map.demand, demand, (demand + 1) | 0) === demand) return
  }
}

function anyoneWants(cells: Cells, map: MemoryMap): boolean {
  for (let slot = 0; slot < map.sizes.slots && !neverUsed(cells, map, slot); slot++) {
    if (cells.load(map.condition(slot) + EVENT_FLAG) & WANTS && isHeld(cells, map, slot)) return true
  }
  return false
}
