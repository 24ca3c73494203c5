import type { Cells } from '../../memory/cells.js'
import { loadTime, storeTime } from '../../memory/time.js'
import type { Configuration } from '../options.js'
import type { MemoryMap } from '../storage/memory-map.js'

/**
 * A thread cut off alone from a circuit that stays closed for the others: a small circuit of its own, with the same course
 * of open, half-open (one probe) and back.
 *
 * Map. On the thread's line of its condition: the life in which it is cut off, or none; until when; and a serial, one more
 * each time that it is cut off.
 *
 * Protocol. The thread alone writes and decides; others read it for snapshots. Cut off: no life, the time, the serial, the
 * life. Read: the serial, the time, the life, and the serial again; on a difference, again. It ends with a probe that
 * succeeds, with the circuit's life, or with the thread: whoever frees its slot takes it away.
 *
 * Why safe. One writer, and nobody else's call depends on it. A reader that finds the life has read before the next cut-off's
 * first write, or that one is complete; then the serial is another. So the two halves of the time are of one cut-off.
 *
 * Breaks if other threads were refused by it: then one sick thread would poison all (Polly #287, #215). Breaks if a reader
 * looks at the life alone: after a probe that fails it is the same as before, and the time half the old and half the new.
 */
const Line = { life: 0, serial: 1, retryAt: 2 } as const
const NO_LIFE = 0

export class ThreadStanding {
  readonly #line: number
  #life = NO_LIFE
  #attempt = 0
  #retryAtMs = 0
  #probeUntilMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly cells: Cells,
    map: MemoryMap,
    slot: number,
  ) {
    this.#line = map.condition(slot)
  }

  get isCutOff(): boolean {
    return this.#life !== NO_LIFE
  }

  get retryAtMs(): number {
    return this.#retryAtMs
  }

  /** How many times in a row it would be with one more. */
  get nextAttempt(): number {
    return this.#attempt + 1
  }

  /** The circuit is in this life: with that of the cut-off, the cut-off has ended. */
  see(life: number): void {
    if (this.isCutOff && this.#life !== life) this.restore()
  }

  cutOff(life: number, retryAtMs: number): void {
    this.#life = life
    this.#attempt += 1
    this.#retryAtMs = retryAtMs
    this.#probeUntilMs = Number.NEGATIVE_INFINITY
    this.cells.store(this.#line + Line.life, NO_LIFE)
    storeTime(this.cells, this.#line + Line.retryAt, retryAtMs)
    this.cells.add(this.#line + Line.serial, 1)
    this.cells.store(this.#line + Line.life, life)
  }

  /** Whether one call may probe now. A probe that has not reported when its lease ends is given up. */
  mayProbe(nowMs: number, { leaseDurationMs }: Configuration): boolean {
    if (nowMs < this.#retryAtMs || nowMs < this.#probeUntilMs) return false
    this.#probeUntilMs = nowMs + leaseDurationMs
    return true
  }

  /** The probe came to nothing: another may go. */
  giveProbeBack(): void {
    this.#probeUntilMs = Number.NEGATIVE_INFINITY
  }

  restore(): void {
    this.#life = NO_LIFE
    this.#attempt = 0
    withdrawCutOff(this.cells, this.#line)
  }
}

/** Until when the thread of a slot is cut off in `life`; undefined if it is not. */
export function cutOffUntilMs(cells: Cells, map: MemoryMap, slot: number, life: number): number | undefined {
  const line = map.condition(slot)
  for (;;) {
    const serial = cells.load(line + Line.serial)
    const retryAtMs = loadTime(cells, line + Line.retryAt)
    if (cells.load(line + Line.life) !== life) return undefined
    // Ends: a difference means that the thread was cut off anew, after a probe that failed.
    if (cells.load(line + Line.serial) === serial) return retryAtMs
  }
}

/** Lets the thread count as cut off no more. */
export function withdrawCutOff(cells: Cells, conditionLine: number): void {
  cells.store(conditionLine + Line.life, NO_LIFE)
}
