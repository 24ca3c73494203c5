import type { Cells } from '../../memory/cells.js'
import { AttachError } from '../errors.js'
import type { MemoryMap } from '../storage/memory-map.js'

/**
 * Which thread holds which slot.
 *
 * Map. A slot is two cells: an owner's word (0 = never used; bit 0 = held; bit 1 = being given back; above them the
 * generation, one more at every claim) and the id of the thread that holds it.
 *
 * Protocol. Claim: the first slot that is free, by compareExchange to the next generation, held; then the thread id.
 * Release, by the owner at `detach` or by whoever saw the owner's thread exit: compareExchange from held to being given back;
 * the one who succeeds gives back what the slot held, then frees the slot.
 *
 * Why safe. One claimant wins a generation, and one releaser ends it, so a second one that is late can't take away what the
 * slot's next thread holds; a free slot names nobody, so a claim that has not written its id is not taken for the dead
 * thread's. Slots are tried from the first, so those that were ever used are the first ones: sums stop at
 * the first that never was. Counts stay where they are: the next holder goes on counting, so sums never fall.
 *
 * Breaks if silence is taken for death: a slot with two writers loses counts. Only an exit that was seen frees a slot.
 *
 * Limits. A thread that dies between its claim and the writing of its id keeps its slot for the process's lifetime, and so
 * does a slot whose releaser dies at it. Leases come back by their deadlines all the same.
 */
export interface SlotClaim {
  readonly slot: number
  readonly generation: number
}

const HELD = 1
const RELEASING = 2
const GENERATION = 4
/** In a slot that is free: no thread has this id, so an exit seen late finds nothing between a claim and its id. */
const NOBODY = -(2 ** 31)

export function neverUsed(cells: Cells, map: MemoryMap, slot: number): boolean {
  return cells.load(map.owner(slot)) === 0
}

export function isHeld(cells: Cells, map: MemoryMap, slot: number): boolean {
  return (cells.load(map.owner(slot)) & (HELD | RELEASING)) === HELD
}

export function threadIn(cells: Cells, map: MemoryMap, slot: number): number {
  return cells.load(map.owner(slot) + 1)
}

export function claimSlot(cells: Cells, map: MemoryMap, threadId: number): SlotClaim {
  for (let slot = 0; slot < map.sizes.slots; ) {
    const owner = cells.load(map.owner(slot))
    if (owner & (HELD | RELEASING)) {
      slot += 1
      continue
    }
    const claimed = (owner + GENERATION + HELD) | 0
    // A failed exchange means that another thread claimed it: the same slot is looked at again, and found held.
    if (cells.compareExchange(map.owner(slot), owner, claimed) === owner) {
      cells.store(map.owner(slot) + 1, threadId)
      return { slot, generation: claimed }
    }
  }
  throw new AttachError(
    'ERR_TOO_MANY_THREADS',
    `all ${map.sizes.slots} thread slots are held; detach a thread, or create the breaker with a larger maxThreads`,
  )
}

/** Ends a claim: `giveBack` returns what it holds, before the slot is free. Does nothing if the claim has ended already. */
export function releaseSlot(cells: Cells, map: MemoryMap, claim: SlotClaim, giveBack: () => void): void {
  const { generation } = claim
  const owner = map.owner(claim.slot)
  if (cells.compareExchange(owner, generation, (generation & ~HELD) | RELEASING) !== generation) return
  giveBack()
  cells.store(owner + 1, NOBODY)
  cells.store(owner, generation & ~HELD)
}

/** The claims that a thread holds: more than one if it attached more than once. */
export function claimsOfThread(cells: Cells, map: MemoryMap, threadId: number): SlotClaim[] {
  const claims: SlotClaim[] = []
  for (let slot = 0; slot < map.sizes.slots && !neverUsed(cells, map, slot); slot++) {
    const generation = cells.load(map.owner(slot))
    if (isHeld(cells, map, slot) && threadIn(cells, map, slot) === threadId) claims.push({ slot, generation })
  }
  return claims
}
