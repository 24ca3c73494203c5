import { threadId } from 'node:worker_threads'
import { AtomicCells } from '../memory/atomic-cells.js'
import { type Clock, monotonicClock } from '../world/clock.js'
import { systemRandom } from '../world/random.js'
import { REFUSED } from './admission/admission.js'
import { release, releaseEnded } from './admission/release.js'
import { Circuit } from './circuit.js'
import { AttachError } from './errors.js'
import { BreakerEvents, type EventsOptions } from './events/breaker-events.js'
import type { BreakerEvent, EventListener, EventType } from './events/event.js'
import { EventLog } from './events/event-log.js'
import type { TransitionListener } from './events/transition-feed.js'
import { Executor } from './executor.js'
import type { Action, CallOptions } from './guarded-call.js'
import type { BreakerHandle, BreakerWorld, Permission } from './handle.js'
import { type CircuitState, State, stateName } from './life/control-word.js'
import { OpenWait } from './life/open-wait.js'
import { Reason } from './life/transition-log.js'
import { memoryOfNew, memoryOfSaved } from './new-memory.js'
import type { BreakerOptions, Rules, ThreadOptions } from './options.js'
import { Predicates } from './predicates.js'
import { Reports } from './reports.js'
import { checkFits, duration, resolveRules } from './resolve-options.js'
import { type SerializedBreaker, serializeBreaker } from './serialization.js'
import { type Snapshot, takeSnapshot } from './snapshot.js'
import type { MemoryMap } from './storage/memory-map.js'
import { readRegion } from './storage/region.js'
import { supervise, unsupervise } from './threads/supervisor.js'
import { claimSlot, type SlotClaim } from './threads/thread-slots.js'

/**
 * One circuit breaker for all the threads of a process.
 *
 * The thread that creates it attaches by that; every other thread attaches to its handle. Each object is one thread's
 * end of the same circuit. No call waits for another thread, and a thread may die at any point of any call.
 */
export class SharedCircuitBreaker {
  readonly name: string
  readonly handle: BreakerHandle
  readonly #cells: AtomicCells
  readonly #map: MemoryMap
  readonly #claim: SlotClaim
  readonly #clock: Clock
  readonly #circuit: Circuit
  readonly #events: BreakerEvents
  readonly #reports: Reports
  readonly #executor: Executor
  readonly #judgesResults: boolean
  #attached = true

  private constructor(
    handle: BreakerHandle,
    cells: AtomicCells,
    map: MemoryMap,
    options: ThreadOptions,
    world: BreakerWorld,
  ) {
    this.name = handle.name
    this.handle = handle
    this.#cells = cells
    this.#map = map
    this.#claim = claimSlot(cells, map, threadId)
    const openWait = new OpenWait(handle.name, world.random ?? systemRandom, options.waitIntervalFunction)
    this.#clock = world.clock ?? monotonicClock
    const log = new EventLog(cells, map, this.#claim.slot)
    this.#circuit = new Circuit(handle.name, cells, map, this.#claim.slot, this.#clock, openWait, log)
    this.#events = new BreakerEvents(this.#circuit, cells, map, log)
    this.#reports = new Reports(this.#circuit, new Predicates(handle.name, options))
    this.#judgesResults = options.recordResult !== undefined
    this.#executor = new Executor(this.#circuit, this.#reports)
    supervise(this)
  }

  /** A new circuit. Throws a `ConfigurationError` that names the field, the value and what is allowed. */
  static create(options: BreakerOptions & ThreadOptions, world: BreakerWorld = {}): SharedCircuitBreaker {
    const { handle, cells, map } = memoryOfNew(options, world)
    return new SharedCircuitBreaker(handle, cells, map, options, world)
  }

  /** This thread's end of an existing circuit, whose state it leaves as it is. Throws an `AttachError`. */
  static attach(handle: BreakerHandle, options: ThreadOptions = {}, world: BreakerWorld = {}): SharedCircuitBreaker {
    if (!(handle?.buffer instanceof SharedArrayBuffer)) {
      throw new AttachError('ERR_NOT_A_BREAKER', 'attach needs the handle of a breaker: { name, buffer, firstCell }')
    }
    const cells = new AtomicCells(handle.buffer)
    return new SharedCircuitBreaker(handle, cells, readRegion(cells, handle.firstCell), options, world)
  }

  /**
   * A circuit as another process saved it with `serialize`, its deadlines mapped from wall time. Throws a
   * `ConfigurationError` for anything else.
   */
  static restore(
    saved: SerializedBreaker,
    options: ThreadOptions = {},
    world: BreakerWorld = {},
  ): SharedCircuitBreaker {
    const { handle, cells, map } = memoryOfSaved(saved, world)
    return new SharedCircuitBreaker(handle, cells, map, options, world)
  }

  /** The state at this moment. */
  get state(): CircuitState {
    return stateName(this.#cells.load(this.#map.control))
  }

  /**
   * Runs `action` if the circuit lets it, and reports how it ended. Rejects with what the action rejects with, with a
   * `CallNotPermittedError` if it was not run, or with a `CallTimeoutError`. The action gets a signal of its own, which is
   * aborted at the timeout; none is made for an action that takes none and has no timeout.
   */
  execute<T, F = never>(action: Action<T>, options?: CallOptions<F>): Promise<T | F> {
    return this.#executor.execute(action, options)
  }

  /** As `execute`, for an action that returns when it is done. It has no timeout: nothing could stop it. */
  executeSync<T, F = never>(action: () => T, options?: Pick<CallOptions<F>, 'fallback'>): T | F {
    const permission = this.#circuit.tryAcquire()
    if (permission === REFUSED) {
      const refusal = this.#circuit.refusals.error
      if (options?.fallback) return options.fallback(refusal)
      throw refusal
    }
    let result: T
    try {
      result = action()
    } catch (error) {
      this.#reports.error(permission, error)
      throw error
    }
    this.onSuccess(permission, result)
    return result
  }

  /**
   * A permission to make one call, or 0. Whoever has one must report once: `onSuccess`, `onError` or `releasePermission`.
   * Allocates nothing.
   */
  tryAcquirePermission(): Permission {
    return this.#circuit.tryAcquire()
  }

  /** Why the last `tryAcquirePermission` of this thread gave none, as `execute` would throw it. */
  refusal(): Error {
    return this.#circuit.refusals.error
  }

  /**
   * The call succeeded, unless `recordResult` says of its result that it did not. Returns false if the result is stale:
   * its epoch has passed, so it is counted and not applied.
   */
  onSuccess(permission: Permission, result?: unknown): boolean {
    return this.#judgesResults ? this.#reports.success(permission, result) : this.#circuit.succeed(permission)
  }

  /**
   * The call failed. `ignoreError` and `recordError` decide what that counts as; the refusal of another breaker counts as
   * ignored. Returns false if the result is stale.
   */
  onError(permission: Permission, error?: unknown): boolean {
    return this.#reports.error(permission, error)
  }

  /** The call was not made, or its result is to count as nothing: the permission goes back. Returns false if it is stale. */
  releasePermission(permission: Permission): boolean {
    return this.#reports.ignore(permission)
  }

  /** Whether the permission is one of the few that a half-open circuit gives, or a thread that was cut off. */
  isProbe(permission: Permission): boolean {
    return this.#circuit.calls.isProbe(permission)
  }

  /** The epoch in which a permission that is not yet reported was given. */
  epochOf(permission: Permission): number {
    return this.#circuit.words.sequenceOf(this.#circuit.calls.lifeOf(permission))
  }

  /** Refuses every call until told otherwise. */
  forceOpen(): void {
    this.#transitionTo(State.forcedOpen)
  }

  /** Admits every call and judges none, until told otherwise. */
  disable(): void {
    this.#transitionTo(State.disabled)
  }

  /** Admits every call and goes on measuring, until told otherwise. */
  metricsOnly(): void {
    this.#transitionTo(State.metricsOnly)
  }

  /** Closes the circuit and begins anew: also if it is closed, its window is empty then. */
  reset(): void {
    this.#circuit.change(Reason.reset, () => ({ state: State.closed }))
  }

  transitionToClosed(): void {
    this.#transitionTo(State.closed)
  }

  /** Opens the circuit, for as long as configured or for `forMs` milliseconds. */
  transitionToOpen(forMs?: number): void {
    this.#transitionTo(State.open, forMs === undefined ? undefined : duration('forMs', forMs))
  }

  transitionToHalfOpen(): void {
    this.#transitionTo(State.halfOpen)
  }

  /**
   * Changes some of the rules, for all threads at once: a new epoch of the same state begins. Throws a `ConfigurationError`
   * if they are not allowed, or need more room than the breaker was created with.
   */
  reconfigure(rules: Rules): void {
    this.#circuit.change(Reason.reconfigured, (state, current) => {
      const configuration = resolveRules({ ...current, ...rules })
      checkFits(configuration, this.#map.sizes)
      return { state, configuration }
    })
  }

  /** The whole circuit at a glance. Changes nothing. */
  snapshot(): Snapshot {
    return takeSnapshot(this.#cells, this.#map, this.#circuit)
  }

  /** The whole circuit as plain data, for JSON, so that the next process can `restore` it. Changes nothing. */
  serialize(): SerializedBreaker {
    return serializeBreaker(this.#cells, this.#map, this.#circuit, this.#clock)
  }

  /** Tells of each transition from now on, once and in order, whichever thread made it. Returns what ends it. */
  onTransition(listener: TransitionListener): () => void {
    return this.on('transition', listener)
  }

  /** Tells of each event of a type from now on, of all threads, once and in order. Returns what ends it. */
  on<Type extends EventType>(type: Type, listener: EventListener<Type>): () => void {
    return this.#events.on(type, listener)
  }

  /** As `on`, of the next one only. */
  once<Type extends EventType>(type: Type, listener: EventListener<Type>): () => void {
    return this.#events.once(type, listener)
  }

  /** Takes away the listener of this type that was added last, if it was added. */
  off<Type extends EventType>(type: Type, listener: EventListener<Type>): void {
    this.#events.off(type, listener)
  }

  /** Events of these types, or of all, to iterate over as they come. Options may come last. */
  events<Type extends EventType = EventType>(
    ...typesAndOptions: Type[] | [...types: Type[], options: EventsOptions]
  ): AsyncIterableIterator<BreakerEvent<Type>> {
    return this.#events.events(...typesAndOptions)
  }

  /** Lets every thread publish each call on its channel `busbar:call`, though nobody listens here. Returns what ends it. */
  publishCalls(): () => void {
    return this.#events.publishCalls()
  }

  /**
   * Gives back what a thread that has ended held. Busbar does this by itself for workers that were created by a thread
   * with an end of this breaker; call it for others, and never for a thread that still runs.
   */
  releaseThread(endedThreadId: number): void {
    releaseEnded(this.#cells, this.#map, endedThreadId, (slot) => this.#circuit.leaseReclaimed(slot))
  }

  /**
   * Ends this thread's part in the circuit: listeners go, permissions held come back, the slot is free for another thread.
   * Results of calls that are still running here count as nothing.
   */
  detach(): void {
    if (!this.#attached) return
    this.#attached = false
    this.#circuit.retire()
    unsupervise(this)
    this.#events.close()
    release(this.#cells, this.#map, this.#claim)
  }

  #transitionTo(wanted: number, waitMs?: number): void {
    this.#circuit.change(Reason.manual, (state) => (state === wanted ? undefined : { state: wanted, waitMs }))
  }
}
