import type { AtomicCells } from '../../memory/atomic-cells.js'
import type { MemoryMap } from '../storage/memory-map.js'
import {
  type EventListener,
  type EventNames,
  eventName,
  eventOf,
  isOnDemand,
  type LoggedEvent,
  type LoggedType,
} from './event.js'
import type { EventLog, LogEntry } from './event-log.js'
import { tellListener } from './listener.js'

interface Subscription {
  readonly type: LoggedType
  readonly listener: EventListener
  /** The position from which on it listens. */
  readonly since: number
  /** Events lost since it was told of one. */
  lost: number
}

/**
 * Tells this thread's listeners what the log says: in the log's order, each once. Nothing is read while nobody listens.
 *
 * A thread is woken by `Atomics.waitAsync` on the log's head, which keeps no process alive. So listeners run from the event
 * loop, never within a call; a thread that doesn't return to its event loop hears later, or misses what was overwritten
 * meanwhile: the number is on the next event.
 *
 * A position that was taken and is not yet written holds up what comes after it, as long as some thread may still write it;
 * but for no more than half of the log, so that one thread that stands still costs one event and not all.
 */
export class EventFeed {
  readonly #subscriptions = new Set<Subscription>()
  /** The position up to which everything was told, or is lost. */
  #told = 0
  #waiting = false
  #closed = false

  constructor(
    private readonly circuit: EventNames,
    private readonly cells: AtomicCells,
    private readonly map: MemoryMap,
    private readonly log: EventLog,
    /** Called before each event, so that what belongs before it can be told. */
    private readonly beforeEach: () => void,
  ) {}

  /** Returns what takes the listener away again. A listener hears of what happens after it began to listen. */
  listen(type: LoggedType, listener: EventListener): () => void {
    const since = this.log.head
    if (this.#subscriptions.size === 0) this.#told = since
    const subscription = { type, listener, since, lost: 0 }
    this.#subscriptions.add(subscription)
    if (isOnDemand(type)) this.log.want()
    this.#waitForNext()
    // Between the look at the head and the beginning of the wait others may have told of something, and woken nobody.
    if (this.log.head !== this.#told) queueMicrotask(() => this.#tell())
    return () => {
      if (this.#subscriptions.delete(subscription)) this.#letGo(subscription)
    }
  }

  close(): void {
    this.#closed = true
    for (const subscription of this.#subscriptions) {
      this.#subscriptions.delete(subscription)
      this.#letGo(subscription)
    }
  }

  #letGo({ type }: Subscription): void {
    if (isOnDemand(type)) this.log.unwant()
    // Wakes this thread's waiter, so that nothing stays behind; the others' look and wait again.
    if (this.#subscriptions.size === 0) this.cells.notify(this.map.eventHead, Number.POSITIVE_INFINITY)
  }

  #waitForNext(): void {
    while (!this.#waiting && !this.#closed && this.#subscriptions.size > 0) {
      const woken = this.cells.waitAsync(this.map.eventHead, this.log.head, Number.POSITIVE_INFINITY)
      // Ends: no wait means that the head moved on between two operations.
      if (!woken) continue
      this.#waiting = true
      woken.then(() => {
        this.#waiting = false
        // First the wait, then the look: what is written in between wakes.
        this.#waitForNext()
        this.#tell()
      })
    }
  }

  /** Up to the head as it is now, so that a listener never keeps the thread from its event loop: more will have woken it. */
  #tell(): void {
    let head: number | undefined
    // Asked every time: a listener may stop, listen or detach.
    while (this.#subscriptions.size > 0) {
      head ??= this.log.head
      const behind = (head - this.#told) | 0
      if (behind <= 0) return
      if (behind > this.log.capacity) {
        this.#lose(behind - this.log.capacity)
        continue
      }
      const found = this.log.read(this.#told)
      if (found === 'pending' && behind <= this.log.capacity / 2) return
      if (typeof found === 'string') {
        this.#lose(1)
        continue
      }
      this.#announce(found)
    }
  }

  #lose(count: number): void {
    const next = (this.#told + count) | 0
    for (const subscription of this.#subscriptions) {
      subscription.lost += Math.max(0, Math.min(count, (next - subscription.since) | 0))
    }
    this.#told = next
  }

  #announce(entry: LogEntry): void {
    const position = this.#told
    const type = eventName(entry.kind)
    const audience = [...this.#subscriptions].filter(
      (subscription) => subscription.type === type && ((position - subscription.since) | 0) >= 0,
    )
    // Before any listener runs: it may begin anew.
    this.#told = (position + 1) | 0
    if (audience.length > 0) this.beforeEach()
    let event: LoggedEvent | undefined
    for (const subscription of audience) {
      if (!this.#subscriptions.has(subscription)) continue
      const { lost } = subscription
      subscription.lost = 0
      if (event?.lost !== lost) event = eventOf(this.circuit, entry, lost)
      tellListener(subscription.listener as (event: LoggedEvent) => unknown, event, this.circuit.name)
    }
  }
}
