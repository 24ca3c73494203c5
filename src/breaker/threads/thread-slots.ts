import type { Cells } from '../../memory/cells.js'
import { AttachError } from '../errors.js'

/**
 * Which thread holds which slot.
 *
 * Map. A slot is two cells: an owner's word (0 = never used; bit 0 = held; bit 1 = being given back; bits 2 to 21 the low bits
 * of the holder's thread id; above them the generation, one more at every claim) and that thread's whole id + 1 (0 = not yet written).
 *
 * Protocol. Claim: the first slot that is free, by compareExchange to the next generation, held by this thread; then the whole
 * id. Release, by the owner at `detach` or by whoever saw the owner's thread exit: compareExchange from held to being given back;
 * the one who succeeds gives back what the slot held, takes the id away, then frees the slot.
 *
 * Why safe. One claimant wins a generation, and one releaser ends it, so a second one that is late can't take away what the
 * slot's next thread holds. The claim itself says whose it is, so a thread may die right after it: the exit finds the
 * slot by the low bits of the id. Slots are tried from the first, so those that were ever used are the first ones: sums stop at
 * the first that never was. Counts stay where they are: the next holder goes on counting, so sums never fall.
 *
 * Breaks if silence is taken for death: a slot with two writers loses counts. Only an exit that was seen frees a slot.
 *
 * Limits. A slot whose releaser dies at it is kept for the process's lifetime. A process that has started a million threads may
 * have two whose ids differ by 2²⁰: then the exit of one, seen while the other is between its claim and its id, takes that slot.
 */
export interface SlotPlaces {
  readonly sizes: { readonly slots: number }
  /** The owner's word of a slot; the thread id is in the next cell. */
  owner(slot: number): number
}

export interface SlotClaim {
  readonly slot: number
  readonly generation: number
}

const HELD = 1
const RELEASING = 2
const ID_SHIFT = 2
const ID_MASK = 0x3f_fffc
const GENERATION = 0x40_0000
const GENERATION_MASK = -GENERATION
const UNWRITTEN = 0

export function neverUsed(cells: Cells, map: SlotPlaces, slot: number): boolean {
  return cells.load(map.owner(slot)) === 0
}

export function isHeld(cells: Cells, map: SlotPlaces, slot: number): boolean {
  return (cells.load(map.owner(slot)) & (HELD | RELEASING)) === HELD
}

/** The thread in a slot that is held; undefined while it has not written its id. */
export function threadIn(cells: Cells, map: SlotPlaces, slot: number): number | undefined {
  const written = cells.load(map.owner(slot) + 1)
  return written === UNWRITTEN ? undefined : written - 1
}

export function claimSlot(cells: Cells, map: SlotPlaces, threadId: number): SlotClaim {
  for (let slot = 0; slot < map.sizes.slots; ) {
    const owner = cells.load(map.owner(slot))
    if (owner & (HELD | RELEASING)) {
      slot += 1
      continue
    }
    const claimed = nextGeneration(owner) | lowBits(threadId) | HELD
    // A failed exchange means that another thread claimed it: the same slot is looked at again, and found held.
    if (cells.compareExchange(map.owner(slot), owner, claimed) === owner) {
      cells.store(map.owner(slot) + 1, threadId + 1)
      return { slot, generation: claimed }
    }
  }
  throw new AttachError(
    'ERR_TOO_MANY_THREADS',
    `all ${map.sizes.slots} thread slots are held; detach a thread, or create it with a larger maxThreads`,
  )
}

/** Ends a claim: `giveBack` returns what it holds, before the slot is free. Does nothing if the claim has ended already. */
export function releaseSlot(cells: Cells, map: SlotPlaces, claim: SlotClaim, giveBack: () => void): void {
  const { generation } = claim
  const owner = map.owner(claim.slot)
  if (cells.compareExchange(owner, generation, (generation ^ HELD) | RELEASING) !== generation) return
  giveBack()
  cells.store(owner + 1, UNWRITTEN)
  cells.store(owner, generation & GENERATION_MASK)
}

/** The claims that a thread holds: more than one if it attached more than once. */
export function claimsOfThread(cells: Cells, map: SlotPlaces, threadId: number): SlotClaim[] {
  const claims: SlotClaim[] = []
  for (let slot = 0; slot < map.sizes.slots && !neverUsed(cells, map, slot); slot++) {
    const generation = cells.load(map.owner(slot))
    if ((generation & (HELD | RELEASING | ID_MASK)) !== (HELD | lowBits(threadId))) continue
    const written = threadIn(cells, map, slot)
    if (written === undefined || written === threadId) claims.push({ slot, generation })
  }
  return claims
}

/** Never 0, even when the generations begin anew: that is a slot that was never used. */
function nextGeneration(owner: number): number {
  return ((owner & GENERATION_MASK) + GENERATION) | 0 || GENERATION
}

function lowBits(threadId: number): number {
  return (threadId << ID_SHIFT) & ID_MASK
}
