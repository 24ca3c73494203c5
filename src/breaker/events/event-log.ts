import type { Cells } from '../../memory/cells.js'
import { loadTime, storeTime } from '../../memory/time.js'
import { packDuration, unpackDuration } from '../storage/configuration-block.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { isHeld, neverUsed } from '../threads/thread-slots.js'
import { EVENT_FLAG, raiseDemand, settleDemand, WANTS } from './demand.js'

/**
 * What happens besides transitions, in one order for all threads.
 *
 * Map. The head counts the positions that were taken. A ring of entries, one a position: stamp; kind and slot; life; time (2
 * cells); duration; two cells free. A stamp is the position with its two low bits, which the entry's place says, replaced by
 * `Stamp`: being written, written, or void. 0 = never used. On each slot's condition line, at `EVENT_FLAG`, a word that the
 * slot's thread alone writes: bit 0 belongs to `demand.ts`; bits 1–2 what it is doing (`Phase`), bits 3–31 at which position.
 *
 * Protocol. Write: say "taking" and the head as it is; add 1 to the head, which gives the position; say "writing" and
 * that; claim the entry by exchanging an older stamp for "being written"; write the fields; stamp "written"; say "idle";
 * notify the head. An entry that is newer already, or that another is still writing, is left alone: the event is lost.
 * Read: the stamp must be "written" for the position before and after the fields are read.
 *
 * Why safe. Claim: no entry is torn. An entry's fields are written only by whoever exchanged its stamp for "being written", and
 * nobody exchanges that stamp but the same writer, or whoever saw it die. So writers a lap apart never write at once, and
 * the slow one finds a newer stamp. Claim: nobody waits for ever at a position that stays empty. A reader that finds
 * nothing asks whether any thread may still be about to write it: "taking" from a head at or before it, or "writing" it. That
 * was said before the position was taken, so if none says so its writer has finished or ended, and one more look at the entry
 * tells for good. If one does, it will finish and notify, or die, and then its slot's release (`withdraw`) voids the entry and
 * notifies. Nobody needs a timer.
 *
 * Breaks if the stamp is written before the fields; if the phase is cleared before the stamp is written (a reader then gives up
 * an event that comes); or if the head is notified before that.
 *
 * Limits. A reader more than a lap behind has lost what it missed, and can count it. A thread whose death nobody sees in the
 * middle of writing leaves a position that looks as if it were to be written: the reader must give it up by some bound of
 * its own. Stamps repeat after 2³² events, phases after 2²⁹. The ring must have at least 4 entries.
 */
const Field = { stamp: 0, kind: 1, life: 2, at: 3, duration: 5 } as const

const Stamp = { writing: 1, written: 2, void: 3 } as const

const Phase = { taking: 1 << 1, writing: 2 << 1 } as const
const PHASE = 3 << 1
const POSITION_SHIFT = 3

const KIND_BITS = 8
/** Fifteen days are the most that a duration can be told as; this is longer. */
const UNKNOWN_DURATION = -(2 ** 31)
const DURATION_MS_MAX = 2 ** 31 - 1

/** An event as it was read back. */
export interface LogEntry {
  readonly kind: number
  /** Slot of the thread that it is about. */
  readonly slot: number
  readonly life: number
  readonly atMs: number
  readonly durationMs: number | undefined
}

/** `pending`: a thread took the position and may still write it. `lost`: it can never be read. */
export type Reading = LogEntry | 'pending' | 'lost'

export type EmitHook = (kind: number, life: number, atMs: number, durationMs: number, about: number) => void

/** One thread's end of the log. */
export class EventLog {
  /** Called with each event that this thread itself wrote, when it is written; must not throw. */
  onEmit: EmitHook | undefined
  /** Called when this thread begins to want the events of every call, or does so no more, and the demand says so; must not throw. */
  onDemand: (() => void) | undefined
  readonly #flag: number
  /** The flag while nothing is being written. */
  #idle = 0
  #wishes = 0
  #retired = false

  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    readonly slot: number,
  ) {
    this.#flag = map.condition(slot) + EVENT_FLAG
  }

  /** How many positions were taken: a 32-bit number that wraps. */
  get head(): number {
    return this.cells.load(this.map.eventHead)
  }

  /** How many events can be read back. */
  get capacity(): number {
    return this.map.sizes.events
  }

  /**
   * Tells of an event. `durationMs` is -1 if unknown; `about` is the slot of the thread that it happened to, if it is not this
   * one. Allocates nothing. Runs no listener, but subscribers of `node:diagnostics_channel`, if there are any, as its last step.
   */
  emit(kind: number, life: number, atMs: number, durationMs: number, about = this.slot): void {
    if (this.#retired) return
    const { cells, map } = this
    cells.store(this.#flag, this.#idle | Phase.taking | (cells.load(map.eventHead) << POSITION_SHIFT))
    const position = cells.add(map.eventHead, 1)
    cells.store(this.#flag, this.#idle | Phase.writing | (position << POSITION_SHIFT))
    const entry = map.event(position)
    if (this.#claim(entry, position)) {
      cells.store(entry + Field.kind, kind | (about << KIND_BITS))
      cells.store(entry + Field.life, life)
      storeTime(cells, entry + Field.at, atMs)
      cells.store(
        entry + Field.duration,
        durationMs < 0 ? UNKNOWN_DURATION : packDuration(Math.min(durationMs, DURATION_MS_MAX)),
      )
      cells.store(entry + Field.stamp, stampOf(position, Stamp.written))
    }
    cells.store(this.#flag, this.#idle)
    cells.notify(map.eventHead, Number.POSITIVE_INFINITY)
    this.onEmit?.(kind, life, atMs, durationMs, about)
  }

  /** The event of a position that was taken. */
  read(position: number): Reading {
    const { cells, map } = this
    const entry = map.event(position)
    const written = stampOf(position, Stamp.written)
    for (let nobodyWrites = false; ; nobodyWrites = true) {
      const stamp = cells.load(entry + Field.stamp)
      if (stamp === written) {
        const kind = cells.load(entry + Field.kind)
        const life = cells.load(entry + Field.life)
        const atMs = loadTime(cells, entry + Field.at)
        const duration = cells.load(entry + Field.duration)
        if (cells.load(entry + Field.stamp) !== written) return 'lost'
        const durationMs = duration === UNKNOWN_DURATION ? undefined : unpackDuration(duration)
        return { kind: kind & ((1 << KIND_BITS) - 1), slot: kind >>> KIND_BITS, life, atMs, durationMs }
      }
      if (stamp === stampOf(position, Stamp.void) || isNewer(stamp, position) || nobodyWrites) return 'lost'
      if (this.#mayStillCome(position)) return 'pending'
    }
  }

  /** This thread wants the events of every call; each wish is taken back by one `unwant`. */
  want(): void {
    this.#wishes += 1
    if (this.#wishes > 1 || this.#retired) return
    this.#idle = WANTS
    this.cells.store(this.#flag, WANTS)
    raiseDemand(this.cells, this.map)
    this.onDemand?.()
  }

  unwant(): void {
    this.#wishes -= 1
    if (this.#wishes > 0 || this.#retired) return
    this.#idle = 0
    this.cells.store(this.#flag, 0)
    settleDemand(this.cells, this.map)
    this.onDemand?.()
  }

  /** Takes its wishes back; from then on this end writes nothing, as the slot may be another thread's. */
  retire(): void {
    if (this.#wishes > 0) {
      this.#wishes = 1
      this.unwant()
    }
    this.#retired = true
  }

  #claim(entry: number, position: number): boolean {
    const { cells } = this
    for (;;) {
      const stamp = cells.load(entry + Field.stamp)
      if (isNewer(stamp, position) || (stamp & 3) === Stamp.writing) return false
      // Ends: a stamp that has changed is newer, or that of another writer.
      if (cells.compareExchange(entry + Field.stamp, stamp, stampOf(position, Stamp.writing)) === stamp) return true
    }
  }

  #mayStillCome(position: number): boolean {
    const { cells, map } = this
    for (let slot = 0; slot < map.sizes.slots && !neverUsed(cells, map, slot); slot++) {
      const flag = cells.load(map.condition(slot) + EVENT_FLAG)
      const phase = flag & PHASE
      if (phase === 0 || !isHeld(cells, map, slot)) continue
      // Positions of 29 bits, in the upper bits of a word: the difference's sign is right, and it is 0 only if they agree.
      const ahead = ((position << POSITION_SHIFT) - (flag & ~(PHASE | WANTS))) | 0
      if (phase === Phase.taking ? ahead >= 0 : ahead === 0) return true
    }
    return false
  }
}

/** Ends what the thread of a slot was doing here; for the slot's release, while it is being given back. */
export function withdraw(cells: Cells, map: MemoryMap, slot: number): void {
  const flag = map.condition(slot) + EVENT_FLAG
  const left = cells.load(flag)
  if ((left & PHASE) === Phase.writing) {
    const position = left >> POSITION_SHIFT
    const entry = map.event(position)
    const stamp = cells.load(entry + Field.stamp)
    const isItsOwn = (stamp & 3) === Stamp.writing && ((stamp ^ position) & ~3) << POSITION_SHIFT === 0
    if (isItsOwn) cells.compareExchange(entry + Field.stamp, stamp, stamp | Stamp.void)
  }
  cells.store(flag, 0)
  settleDemand(cells, map)
  cells.notify(map.eventHead, Number.POSITIVE_INFINITY)
}

function stampOf(position: number, stamp: number): number {
  return (position & ~3) | stamp
}

/** Whether a stamp is that of a later position; the positions have the same place in the ring. */
function isNewer(stamp: number, position: number): boolean {
  return (stamp & 3) !== 0 && (((stamp & ~3) - (position & ~3)) | 0) > 0
}
