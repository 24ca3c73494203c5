import type { Cells } from '../../memory/cells.js'
import { loadTime, storeTime } from '../../memory/time.js'
import type { ControlWords } from '../life/control-word.js'
import type { MemoryMap } from '../storage/memory-map.js'

/**
 * The permissions of a half-open circuit: a lease for each call that it lets through, in all, over all threads.
 *
 * Map. A lease is a claim and, beside it, the claim that the deadline is for, and the deadline. The claim is one word:
 *
 *     bits 0–10   0 = free; slot + 1 of the thread that probes; or what the probe came to: success
 *                 or failure, slow or not
 *     bits 11–18  serial: one more each time that the lease is claimed again within a life
 *     bits 19–31  tag: the low 13 bits of the life's sequence number; of an earlier life, the lease is free
 *
 * Protocol. Claim: compareExchange of a free lease; the deadline; then the deadline's claim, which makes it readable; then
 * the control word is looked at again, and if the life is over the lease goes back. Report: compareExchange from the very
 * claim to its outcome. Give back: compareExchange from the very claim to free. Reclaim: the same, by another thread, after
 * the deadline or after the owner's exit. Decide: count the outcomes of this life's leases.
 *
 * Why safe. Everything derives from the claims: how many are out, succeeded, failed. There is no counter that could drift
 * when a thread dies between two operations. Only the holder of a claim can turn it into an outcome, so a probe that was
 * reclaimed finds another word and is stale. A life has as many leases as it permits calls, and an outcome is never
 * freed within a life, so admitted − given back ≤ permitted always.
 *
 * Breaks if the lease is counted in a number beside it (resilience4j #935: stuck), if a failed report frees a lease anyway
 * (resilience4j: 48 stale errors turn 2 permitted calls into 50), or if the look at the control word is left out (a probe
 * let through into an open circuit).
 *
 * A slow thread of an earlier life may still claim a lease that nobody of this life has touched; it finds the control word
 * changed and gives it back, and meanwhile its tag says that the lease is free.
 *
 * Limits. At most 256. The tag tells earlier from later over 4,096 transitions, so claims of earlier lives are wiped before
 * a half-open life begins. The serial repeats after 256 claims of one lease in one life: an answer that is later than that
 * may settle a claim that is not its own. A deadline that several threads write at once may be off by a lease's duration.
 */
const OWNER_BITS = 11
const OWNER_MASK = (1 << OWNER_BITS) - 1
const SERIAL_SHIFT = OWNER_BITS
const SERIAL_MASK = 0xff
const TAG_SHIFT = 19
const TAG_MASK = 0x1fff
const FREE = 0

export const LeaseOutcome = {
  slowSuccess: OWNER_MASK - 3,
  slowFailure: OWNER_MASK - 2,
  success: OWNER_MASK - 1,
  failure: OWNER_MASK,
} as const
export type LeaseOutcome = (typeof LeaseOutcome)[keyof typeof LeaseOutcome]

/** Cells of a lease. */
const Lease = { claim: 0, deadlineOf: 1, deadline: 2 } as const

export interface LeaseCounts {
  /** Reported, whatever they came to. */
  readonly calls: number
  readonly failures: number
  readonly slow: number
  /** Claimed, and not reported yet. */
  readonly out: number
}

export class Leases {
  /** Which lease the last claim took. */
  claimedIndex = 0
  readonly #owner: number

  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly words: ControlWords,
    slot: number,
  ) {
    this.#owner = slot + 1
  }

  /** Claims a lease of `life`: returns the claim, and its index in `claimedIndex`; 0 if all `permitted` are taken. */
  claim(life: number, permitted: number, deadlineMs: number): number {
    const tag = this.#tag(life)
    for (let index = 0; index < permitted; index++) {
      const lease = this.map.lease(index)
      let claim = this.cells.load(lease + Lease.claim)
      // Ends: a failed exchange means that the lease changed hands, which happens once a claim, report or return.
      while (isFree(claim, tag)) {
        const serial = tagOf(claim) === tag ? ((claim >>> SERIAL_SHIFT) + 1) & SERIAL_MASK : 0
        const claimed = (tag << TAG_SHIFT) | (serial << SERIAL_SHIFT) | this.#owner
        const found = this.cells.compareExchange(lease + Lease.claim, claim, claimed)
        if (found === claim) {
          storeTime(this.cells, lease + Lease.deadline, deadlineMs)
          this.cells.store(lease + Lease.deadlineOf, claimed)
          this.claimedIndex = index
          return claimed
        }
        claim = found
      }
    }
    return 0
  }

  /** Turns a claim into what the probe came to. Returns false if the claim is no longer the lease's. */
  report(index: number, claim: number, outcome: LeaseOutcome): boolean {
    return this.#exchangeOwner(index, claim, outcome)
  }

  /** Gives a claim back unused. Returns false if it is no longer the lease's. */
  giveBack(index: number, claim: number): boolean {
    return this.#exchangeOwner(index, claim, FREE)
  }

  /**
   * Frees the leases of `life` whose deadline has passed; returns the slots that held them. A claim whose deadline is
   * missing, because its thread died or a slow one of an earlier life wrote over it, is given one from now on.
   */
  reclaimExpired(life: number, permitted: number, nowMs: number, leaseDurationMs: number): readonly number[] {
    return this.#reclaim(permitted, (claim, lease) => {
      if (tagOf(claim) !== this.#tag(life)) return false
      if (this.cells.load(lease + Lease.deadlineOf) === claim) {
        return loadTime(this.cells, lease + Lease.deadline) <= nowMs
      }
      storeTime(this.cells, lease + Lease.deadline, nowMs + leaseDurationMs)
      this.cells.store(lease + Lease.deadlineOf, claim)
      return false
    })
  }

  /** Frees the leases that the thread of a slot holds; returns how many. Only for a thread that has ended or detaches. */
  reclaimOf(slot: number): number {
    return this.#reclaim(this.map.sizes.leases, (claim) => (claim & OWNER_MASK) === slot + 1).length
  }

  count(life: number, permitted: number): LeaseCounts {
    const tag = this.#tag(life)
    const counts = { calls: 0, failures: 0, slow: 0, out: 0 }
    for (let index = 0; index < permitted; index++) {
      const claim = this.cells.load(this.map.lease(index) + Lease.claim)
      if (tagOf(claim) !== tag || isFree(claim, tag)) continue
      const owner = claim & OWNER_MASK
      if (owner < LeaseOutcome.slowSuccess) {
        counts.out += 1
        continue
      }
      counts.calls += 1
      if (owner === LeaseOutcome.failure || owner === LeaseOutcome.slowFailure) counts.failures += 1
      if (owner === LeaseOutcome.slowSuccess || owner === LeaseOutcome.slowFailure) counts.slow += 1
    }
    return counts
  }

  /** Wipes what lives before `life` left. Harmless if `life` is over already: its own claims and later ones stay. */
  wipe(life: number): void {
    const tag = this.#tag(life)
    for (let index = 0; index < this.map.sizes.leases; index++) {
      const lease = this.map.lease(index) + Lease.claim
      const claim = this.cells.load(lease)
      if (claim !== 0 && isEarlier(tagOf(claim), tag)) this.cells.compareExchange(lease, claim, 0)
    }
  }

  #tag(life: number): number {
    return this.words.sequenceOf(life) & TAG_MASK
  }

  #exchangeOwner(index: number, claim: number, owner: number): boolean {
    const lease = this.map.lease(index) + Lease.claim
    return this.cells.compareExchange(lease, claim, (claim & ~OWNER_MASK) | owner) === claim
  }

  #reclaim(permitted: number, due: (claim: number, lease: number) => boolean): readonly number[] {
    let freed = NONE_FREED
    for (let index = 0; index < permitted; index++) {
      const lease = this.map.lease(index)
      const claim = this.cells.load(lease + Lease.claim)
      if (isOut(claim) && due(claim, lease) && this.giveBack(index, claim)) {
        freed = [...freed, (claim & OWNER_MASK) - 1]
      }
    }
    return freed
  }
}

const NONE_FREED: readonly number[] = []

function tagOf(claim: number): number {
  return claim >>> TAG_SHIFT
}

/** Free to a claimant of the life with that tag. A slow claimant of an earlier life must find later claims taken. */
function isFree(claim: number, tag: number): boolean {
  if (claim === 0) return true
  return tagOf(claim) === tag ? (claim & OWNER_MASK) === FREE : isEarlier(tagOf(claim), tag)
}

function isEarlier(tag: number, than: number): boolean {
  return tag !== than && ((than - tag) & TAG_MASK) <= TAG_MASK >> 1
}

function isOut(claim: number): boolean {
  const owner = claim & OWNER_MASK
  return owner !== FREE && owner < LeaseOutcome.slowSuccess
}
