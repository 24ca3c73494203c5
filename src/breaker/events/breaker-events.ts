import type { AtomicCells } from '../../memory/atomic-cells.js'
import { DetachedError } from '../errors.js'
import type { MemoryMap } from '../storage/memory-map.js'
import { hasSubscribers, publish } from './diagnostics.js'
import {
  type BreakerEvent,
  type EventListener,
  type EventType,
  eventName,
  eventOf,
  eventTypes,
  isEventType,
  type LoggedType,
} from './event.js'
import { EventFeed } from './event-feed.js'
import { EventIterator } from './event-iterator.js'
import type { EventLog } from './event-log.js'
import { TransitionFeed, type TransitionListener, type TransitionSource } from './transition-feed.js'

/** More listeners than anybody means to have: a process warning says so once. */
const LISTENERS_EXPECTED_MAX = 100

export interface EventsOptions {
  /** Ends the iterator: it rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** A listener that was added, under the function that `off` will name. */
interface Subscription {
  readonly type: EventType
  readonly listener: EventListener<never>
  stop(): void
}

/**
 * This thread's listening, in the manner of `EventEmitter`: transitions and logged events under one roof.
 *
 * Each listener hears its type's events of all threads, in order, each once. Of two types: no event is heard before the
 * transition that began its epoch.
 */
export class BreakerEvents {
  readonly #transitions: TransitionFeed
  readonly #logged: EventFeed
  readonly #subscriptions: Subscription[] = []
  readonly #iterators = new Set<{ end(): void }>()
  #warned = false
  #closed = false

  constructor(
    private readonly circuit: TransitionSource,
    cells: AtomicCells,
    map: MemoryMap,
    private readonly log: EventLog,
  ) {
    this.#transitions = new TransitionFeed(circuit, cells, map, log.slot)
    this.#logged = new EventFeed(circuit, cells, map, log, () => this.#transitions.catchUp())
    log.onEmit = (kind, life, atMs, durationMs, slot) => {
      if (!hasSubscribers(eventName(kind))) return
      publish(eventOf(circuit, { kind, life, atMs, slot, durationMs: durationMs < 0 ? undefined : durationMs }, 0))
    }
  }

  /** Returns what takes the listener away again. The same function may listen more than once. Throws a `DetachedError`. */
  on<Type extends EventType>(type: Type, listener: EventListener<Type>): () => void {
    return this.#add(type, listener, (event) => listener(event))
  }

  /** As `on`, for one event. */
  once<Type extends EventType>(type: Type, listener: EventListener<Type>): () => void {
    const stop = this.#add(type, listener, (event) => {
      stop()
      return listener(event)
    })
    return stop
  }

  /** Takes away the listener of this type that was added last, if it was added; `once` or not. */
  off<Type extends EventType>(type: Type, listener: EventListener<Type>): void {
    this.#subscriptions.findLast((added) => added.type === type && added.listener === listener)?.stop()
  }

  /**
   * Events of these types, or of all, as they come: `for await (const event of events('transition', 'stale'))`. Options may
   * come last. Listens at once; see `EventIterator`. Throws a `DetachedError`, or the reason of a signal that is aborted.
   */
  events<Type extends EventType = EventType>(
    ...typesAndOptions: Type[] | [...types: Type[], options: EventsOptions]
  ): AsyncIterableIterator<BreakerEvent<Type>> {
    const last = typesAndOptions.at(-1)
    const options = typeof last === 'object' ? last : {}
    const named = typesAndOptions.filter((each) => each !== options) as Type[]
    const types = [...new Set(named.length > 0 ? named : (eventTypes as unknown as Type[]))]
    this.#check(types)
    const iterator = new EventIterator<BreakerEvent<Type>>(
      (hear) => {
        const stops = types.map((type) => this.on(type, hear))
        return () => {
          for (const stop of stops) stop()
        }
      },
      options.signal,
      (ended) => this.#iterators.delete(ended),
    )
    // A listener that was told on the way may have detached.
    if (this.#closed) iterator.end()
    else if (!options.signal?.aborted) this.#iterators.add(iterator)
    return iterator
  }

  /**
   * Makes every thread tell of its calls, although nobody listens for them here, so that each publishes its own on the
   * channel `busbar:call`. Returns what ends that. Throws a `DetachedError`.
   */
  publishCalls(): () => void {
    this.#check([])
    this.log.want()
    let wanting = true
    return () => {
      if (wanting) this.log.unwant()
      wanting = false
    }
  }

  /** At `detach`, before the slot is given back: listeners go, iterators end, nothing waits any more. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const iterator of this.#iterators) iterator.end()
    this.#transitions.close()
    this.#logged.close()
    this.#subscriptions.length = 0
    this.log.retire()
  }

  #add<Type extends EventType>(
    type: Type,
    listener: EventListener<Type>,
    tell: (event: BreakerEvent<Type>) => unknown,
  ): () => void {
    this.#check([type])
    if (typeof listener !== 'function') throw new TypeError('a listener must be a function')
    const end =
      type === 'transition'
        ? this.#transitions.listen(tell as TransitionListener)
        : this.#logged.listen(type as LoggedType, tell as EventListener)
    const subscription: Subscription = {
      type,
      listener,
      stop: () => {
        const at = this.#subscriptions.indexOf(subscription)
        if (at >= 0) this.#subscriptions.splice(at, 1)
        end()
      },
    }
    this.#subscriptions.push(subscription)
    if (this.#subscriptions.length > LISTENERS_EXPECTED_MAX) this.#warn()
    return subscription.stop
  }

  #check(types: readonly unknown[]): void {
    if (this.#closed) throw new DetachedError(this.circuit.name)
    const unknown = types.find((type) => !isEventType(type))
    if (unknown !== undefined) {
      throw new TypeError(`there is no event "${String(unknown)}"; there are: ${eventTypes.join(', ')}`)
    }
  }

  #warn(): void {
    if (this.#warned) return
    this.#warned = true
    process.emitWarning(
      `circuit "${this.circuit.name}" has more than ${LISTENERS_EXPECTED_MAX} listeners in this thread; are they ever taken away?`,
      { code: 'BUSBAR_MANY_LISTENERS' },
    )
  }
}
