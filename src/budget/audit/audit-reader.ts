import type { AtomicCells } from '../../memory/atomic-cells.js'
import { type Clock, monotonicClock } from '../../world/clock.js'
import { AuditLog, type AuditReading } from './audit-log.js'
import type { AuditMap } from './audit-map.js'
import type { AuditRecord } from './audit-record.js'

export interface AuditReaderOptions {
  /** Where it begins: with the oldest record that can be read (the default), or with what comes from now on. */
  readonly from?: 'oldest' | 'now'
  /** How long it waits for a record whose place is taken, in milliseconds, before it counts it as lost. Default 1,000. */
  readonly patienceMs?: number
  readonly clock?: Clock
}

/** What a reader comes upon: a record, or how many records it has lost. */
export type AuditItem = AuditRecord | { readonly lost: number }

/**
 * Reads the audit in order, from whatever thread: each record once, or counted among the lost. Any number of readers may read; each
 * has its own place.
 *
 * A position that was taken and is not yet written holds up what comes after it: its writer may be about to write, or be dead, which
 * nobody can tell. So it is given up after some patience, and at once if half of the ring waits behind it.
 */
export class AuditReader {
  readonly #log: AuditLog
  #next: number
  #lost = 0
  /** Of those, how many the reader was not told of yet. */
  #untold = 0
  /** Since when `#next` has been pending; undefined if it isn't. */
  #pendingSinceMs: number | undefined
  readonly #patienceMs: number
  readonly #clock: Clock

  constructor(
    private readonly cells: AtomicCells,
    private readonly map: AuditMap,
    { from = 'oldest', patienceMs = 1000, clock = monotonicClock }: AuditReaderOptions = {},
  ) {
    this.#log = new AuditLog(cells, map)
    const { head, capacity } = this.#log
    // Before the ring has been filled for the first time there is nothing before position 0.
    this.#next = from === 'now' ? head : (head - Math.min(head >>> 0, capacity)) | 0
    this.#patienceMs = patienceMs
    this.#clock = clock
  }

  /** How many records it has lost in all. */
  get lost(): number {
    return this.#lost
  }

  /** What can be read now and was not read before, the oldest first; at most as many records as the ring holds. */
  *drain(): Generator<AuditItem, void, void> {
    const { head } = this.#log
    while (this.#next !== head) {
      const reading = this.#read(head)
      if (reading === 'pending') break
      if (reading === 'lost') continue
      if (this.#untold > 0) yield this.#tellLost()
      this.#advance(1)
      yield reading
    }
    if (this.#untold > 0) yield this.#tellLost()
  }

  /** Records as they come, until the signal is aborted; then what is left. Waiting keeps no process alive. */
  async *follow(signal?: AbortSignal): AsyncGenerator<AuditItem, void, void> {
    const ended = new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }))
    let woken: Promise<unknown> | undefined
    try {
      while (!signal?.aborted) {
        // First the wait, then the look: what is written in between wakes.
        woken ??= this.#nextWrite()
        let isAny = false
        for (const item of this.drain()) {
          isAny = true
          yield item
        }
        if (isAny || !woken) continue
        await Promise.race([woken, ended])
        woken = undefined
      }
      yield* this.drain()
    } finally {
      // Wakes its own waiter, so that nothing stays behind; the others' look and wait again.
      if (woken) this.cells.notify(this.map.head, Number.POSITIVE_INFINITY)
    }
  }

  /** The reading of where it is; what is lost, up to `head`, is passed over. */
  #read(head: number): AuditReading {
    const { capacity } = this.#log
    const behind = (this.#log.head - this.#next) | 0
    if (behind > capacity) return this.#lose(Math.min(behind - capacity, (head - this.#next) | 0))
    const reading = this.#log.read(this.#next)
    if (reading === 'lost' || (reading === 'pending' && this.#givesUp(behind))) return this.#lose(1)
    return reading
  }

  #givesUp(behind: number): boolean {
    const nowMs = this.#clock.nowMs()
    this.#pendingSinceMs ??= nowMs
    return nowMs - this.#pendingSinceMs >= this.#patienceMs || behind > this.#log.capacity / 2
  }

  #lose(count: number): 'lost' {
    this.#lost += count
    this.#untold += count
    this.#advance(count)
    return 'lost'
  }

  #tellLost(): AuditItem {
    const lost = this.#untold
    this.#untold = 0
    return { lost }
  }

  #advance(count: number): void {
    this.#next = (this.#next + count) | 0
    this.#pendingSinceMs = undefined
  }

  /** By its patience at the latest it looks again: no writer may be left that would wake it. */
  #nextWrite(): Promise<unknown> | undefined {
    return this.cells.waitAsync(this.map.head, this.#log.head, this.#patienceMs)
  }
}
