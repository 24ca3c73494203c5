import { bytes, numbers } from '../../memory/columns.js'
/** What has become of a thread: it runs, waits in a `wait`, was notified and not yet run on, or is dead. */
export const Status = { running: 0, waiting: 1, notified: 2, dead: 3 } as const

/** Who waits, the longest first, every thread's status, and which step notified it last. */
interface Kept {
  readonly waiters: readonly number[]
  readonly status: Uint8Array
  readonly notifiedBy: Int32Array
}

/** Threads that wait, were notified, or are dead. Few steps change that: each of those keeps what was before, whole. */
export class Parked {
  waiters: readonly number[] = []
  status: Uint8Array
  notifiedBy: Int32Array
  readonly #kept = new Map<number, Kept>()

  constructor(threads: number) {
    this.status = bytes(threads)
    this.notifiedBy = numbers(threads)
  }

  wait(depth: number, thread: number): void {
    this.#keep(depth)
    this.waiters = [...this.waiters, thread]
    this.status[thread] = Status.waiting
  }

  notify(depth: number, woken: readonly number[]): void {
    this.#keep(depth)
    this.waiters = this.waiters.filter((thread) => !woken.includes(thread))
    for (const thread of woken) {
      this.status[thread] = Status.notified
      this.notifiedBy[thread] = depth
    }
  }

  /** The thread is no longer among those that wait, if it was. */
  leave(depth: number, thread: number, status: number): void {
    this.#keep(depth)
    this.waiters = this.waiters.filter((waiter) => waiter !== thread)
    this.status[thread] = status
  }

  /** Takes back what the step at `depth` changed, if it did. */
  restore(depth: number): void {
    if (this.#kept.size === 0) return
    const kept = this.#kept.get(depth)
    if (!kept) return
    this.waiters = kept.waiters
    this.status = kept.status
    this.notifiedBy = kept.notifiedBy
    this.#kept.delete(depth)
  }

  #keep(depth: number): void {
    const { waiters, status, notifiedBy } = this
    this.#kept.set(depth, { waiters, status, notifiedBy })
    this.status = status.slice()
    this.notifiedBy = notifiedBy.slice()
  }
}
