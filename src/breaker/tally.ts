import type { Cells } from '../memory/cells.js'
import type { Clock } from '../world/clock.js'
import { isDemanded } from './events/demand.js'
import { EventKind } from './events/event.js'
import type { EventLog } from './events/event-log.js'
import type { MemoryMap } from './storage/memory-map.js'
import { Counter, type Counters, type Outcome } from './threads/counters.js'

const kinds = {
  [Counter.success]: EventKind.success,
  [Counter.error]: EventKind.error,
  [Counter.ignored]: EventKind.ignored,
} as const

/** When a call began if nobody remembers. */
export const UNKNOWN_MS = -1

/** What this thread has to tell: of the outcomes of calls if anyone asks for them, of the rest always. */
export class Tally {
  constructor(
    private readonly cells: Cells,
    private readonly map: MemoryMap,
    private readonly counters: Counters,
    private readonly log: EventLog,
    private readonly clock: Clock,
  ) {}

  /** Whether any thread asks for the events of every call. */
  get isAsked(): boolean {
    return isDemanded(this.cells, this.map)
  }

  /** A call has ended, and is counted. */
  ended(outcome: Outcome, life: number, beganMs: number): void {
    if (!this.isAsked) return
    const now = this.clock.nowMs()
    this.log.emit(kinds[outcome], life, now, beganMs === UNKNOWN_MS ? -1 : Math.max(0, now - beganMs))
  }

  /** Counts a result that came too late. Returns false, which says so to callers. */
  stale(life: number): false {
    this.counters.add(Counter.stale)
    this.#tell(EventKind.stale, life)
    return false
  }

  /** Counts a refusal. */
  refused(life: number): void {
    this.counters.add(Counter.refused)
    if (this.isAsked) this.tellRefused(life)
  }

  /** Tells of a refusal that is counted. */
  tellRefused(life: number): void {
    this.#tell(EventKind.refused, life)
  }

  /** A probe of the thread in `slot` lost its permission. */
  leaseReclaimed(life: number, slot: number): void {
    this.#tell(EventKind.leaseReclaimed, life, slot)
  }

  threadCutOff(life: number): void {
    this.#tell(EventKind.threadCutOff, life)
  }

  threadRestored(life: number): void {
    this.#tell(EventKind.threadRestored, life)
  }

  #tell(kind: EventKind, life: number, slot?: number): void {
    this.log.emit(kind, life, this.clock.nowMs(), -1, slot)
  }
}
