import { blockFor } from '../memory/parking.js'
import { type Clock, monotonicClock } from '../world/clock.js'

/** What happens at a moment: an object, so that nothing is allocated to schedule one that is used again. */
export interface DueItem {
  fallDue(): void
}

/** Node's timers count whole milliseconds and fire up to one late; nearer than this they are too coarse, so we poll. */
const POLL_BELOW_MS = 2.2
const TIMER_LATE_MS = 1.1
/** A thread that serves nobody else parks between polls, but never longer than this. */
const PARK_MS_MAX = 0.5
/** Less than a park's own lateness is not worth one. */
const PARK_ABOVE_MS = 0.1

/**
 * Moments to come, met far more precisely than `setTimeout` would: one queue a thread, a binary heap over two flat
 * arrays. While the next moment is far off the thread sleeps on a timer; near it, it asks the clock once a turn of the
 * event loop. All that is due in one turn is done in one pass, in order of time.
 *
 * The catch: a thread that polls uses its core whole, and with more threads than cores each keeps the others from theirs.
 * So where the thread has nothing else to wait for (`parks`), it blocks until the next moment instead of turning round.
 * The limit: a turn of the event loop that runs long makes all that falls due in it late.
 */
export class DueQueue {
  readonly #clock: Clock
  readonly #items: DueItem[] = []
  #times = new Float64Array(64)
  #size = 0
  #timer: NodeJS.Timeout | undefined
  #poll: NodeJS.Immediate | undefined
  /** The moment for which the timer is set. */
  #timerForMs = Number.POSITIVE_INFINITY

  /** `parks`: whether the thread may block between polls, for at most half a millisecond: nobody else needs it then. */
  constructor(
    clock: Clock = monotonicClock,
    private readonly parks = false,
  ) {
    this.#clock = clock
  }

  get size(): number {
    return this.#size
  }

  nowMs(): number {
    return this.#clock.nowMs()
  }

  /** `dueMs` is a time of the queue's clock; what is past falls due in the next turn. */
  add(dueMs: number, item: DueItem): void {
    this.#push(dueMs, item)
    if (this.#poll === undefined && dueMs < this.#timerForMs) this.#wakeFor(this.#clock.nowMs())
  }

  /** Forgets all moments and returns what was waiting for them; the queue can be used again. */
  clear(): DueItem[] {
    clearTimeout(this.#timer)
    clearImmediate(this.#poll)
    this.#timer = undefined
    this.#poll = undefined
    this.#timerForMs = Number.POSITIVE_INFINITY
    this.#size = 0
    return this.#items.splice(0)
  }

  readonly #turn = (): void => {
    this.#timer = undefined
    this.#poll = undefined
    this.#timerForMs = Number.POSITIVE_INFINITY
    const nowMs = this.#clock.nowMs()
    while (this.#size > 0 && (this.#times[0] as number) <= nowMs) this.#pop().fallDue()
    if (this.#size > 0 && this.#poll === undefined) this.#wakeFor(nowMs)
  }

  readonly #parkAndTurn = (): void => {
    const aheadMs = this.#size > 0 ? (this.#times[0] as number) - this.#clock.nowMs() : 0
    if (aheadMs > PARK_ABOVE_MS) blockFor(Math.min(aheadMs - PARK_ABOVE_MS / 2, PARK_MS_MAX))
    this.#turn()
  }

  #wakeFor(nowMs: number): void {
    const nextMs = this.#times[0] as number
    const aheadMs = nextMs - nowMs
    clearTimeout(this.#timer)
    if (aheadMs < POLL_BELOW_MS) {
      this.#timer = undefined
      this.#timerForMs = Number.POSITIVE_INFINITY
      this.#poll = setImmediate(this.parks ? this.#parkAndTurn : this.#turn)
    } else {
      this.#timerForMs = nextMs
      this.#timer = setTimeout(this.#turn, Math.floor(aheadMs - TIMER_LATE_MS))
    }
  }

  #push(dueMs: number, item: DueItem): void {
    if (this.#size === this.#times.length) {
      const wider = new Float64Array(this.#size * 2)
      wider.set(this.#times)
      this.#times = wider
    }
    const times = this.#times
    const items = this.#items
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const parentMs = times[parent] as number
      if (parentMs <= dueMs) break
      times[at] = parentMs
      items[at] = items[parent] as DueItem
      at = parent
    }
    times[at] = dueMs
    items[at] = item
  }

  #pop(): DueItem {
    const times = this.#times
    const items = this.#items
    const first = items[0] as DueItem
    const size = --this.#size
    const item = items.pop() as DueItem
    if (size === 0) return first
    const dueMs = times[size] as number
    let at = 0
    for (let child = 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && (times[child + 1] as number) < (times[child] as number)) child += 1
      const childMs = times[child] as number
      if (childMs >= dueMs) break
      times[at] = childMs
      items[at] = items[child] as DueItem
      at = child
    }
    times[at] = dueMs
    items[at] = item
    return first
  }
}
