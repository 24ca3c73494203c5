import { threadId } from 'node:worker_threads'
import { AtomicCells } from '../memory/atomic-cells.js'
import { type Clock, monotonicClock } from '../world/clock.js'
import { Leases } from './admission/leases.js'
import { Circuit, REFUSED } from './circuit.js'
import { AttachError, DetachedError, describeThrown } from './errors.js'
import { TransitionFeed, type TransitionListener } from './events/transition-feed.js'
import { type CircuitState, stateName } from './life/control-word.js'
import { type BreakerOptions, resolveOptions, type ThreadOptions } from './options.js'
import { type Snapshot, takeSnapshot } from './snapshot.js'
import { MemoryMap } from './storage/memory-map.js'
import { initializeRegion, readRegion, sizesFor } from './storage/region.js'
import { supervise, unsupervise } from './threads/supervisor.js'
import { claimSlot, claimsOfThread, releaseSlot, type SlotClaim } from './threads/thread-slots.js'

/** What another thread needs to attach. Structured-cloneable; its memory is shared, not copied. */
export interface BreakerHandle {
  readonly name: string
  readonly buffer: SharedArrayBuffer
  /** Index of the breaker's first 32-bit cell in the buffer. */
  readonly firstCell: number
}

/** A permission to make one call; 0 is none. Of use in the thread that took it only, and for one report. */
export type Permission = number

/** Where the breaker's time comes from; for tests. */
export interface BreakerWorld {
  readonly clock?: Clock
}

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
  readonly #circuit: Circuit
  readonly #feed: TransitionFeed
  readonly #recordError: ((error: unknown) => boolean) | undefined
  readonly #ignoreError: ((error: unknown) => boolean) | undefined
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
    this.#circuit = new Circuit(handle.name, cells, map, this.#claim.slot, world.clock ?? monotonicClock)
    this.#feed = new TransitionFeed(this.#circuit, cells, map)
    this.#recordError = options.recordError
    this.#ignoreError = options.ignoreError
    supervise(this)
  }

  /** A new circuit, closed. Throws a `ConfigurationError` that names the field, the value and what is allowed. */
  static create(options: BreakerOptions & ThreadOptions, world: BreakerWorld = {}): SharedCircuitBreaker {
    const configuration = resolveOptions(options)
    const map = new MemoryMap(0, sizesFor(configuration))
    const cells = AtomicCells.allocate(map.size)
    initializeRegion(cells, map, configuration, (world.clock ?? monotonicClock).nowMs())
    return new SharedCircuitBreaker(
      { name: options.name, buffer: cells.buffer, firstCell: 0 },
      cells,
      map,
      options,
      world,
    )
  }

  /** This thread's end of an existing circuit, whose state it leaves as it is. Throws an `AttachError`. */
  static attach(handle: BreakerHandle, options: ThreadOptions = {}, world: BreakerWorld = {}): SharedCircuitBreaker {
    if (!(handle?.buffer instanceof SharedArrayBuffer)) {
      throw new AttachError('ERR_NOT_A_BREAKER', 'attach needs the handle of a breaker: { name, buffer, firstCell }')
    }
    const cells = new AtomicCells(handle.buffer)
    return new SharedCircuitBreaker(handle, cells, readRegion(cells, handle.firstCell), options, world)
  }

  /** The state at this moment. */
  get state(): CircuitState {
    return stateName(this.#cells.load(this.#map.control))
  }

  /**
   * Runs `action` if the circuit lets it, and reports how it ended. Rejects with what the action rejects with, or with a
   * `CallNotPermittedError` if it was not run.
   */
  async execute<T>(action: () => PromiseLike<T> | T): Promise<T> {
    const permission = this.tryAcquirePermission()
    if (permission === REFUSED) throw this.#circuit.refusal()
    let result: T
    try {
      result = await action()
    } catch (error) {
      this.onError(permission, error)
      throw error
    }
    this.onSuccess(permission)
    return result
  }

  /** As `execute`, for an action that returns when it is done. */
  executeSync<T>(action: () => T): T {
    const permission = this.tryAcquirePermission()
    if (permission === REFUSED) throw this.#circuit.refusal()
    let result: T
    try {
      result = action()
    } catch (error) {
      this.onError(permission, error)
      throw error
    }
    this.onSuccess(permission)
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
    return this.#circuit.refusal()
  }

  /** The call succeeded. Returns false if the result is stale: its epoch has passed, so it is counted and not applied. */
  onSuccess(permission: Permission): boolean {
    return this.#circuit.succeed(permission)
  }

  /** The call failed. `ignoreError` and `recordError` decide what that counts as. Returns false if the result is stale. */
  onError(permission: Permission, error?: unknown): boolean {
    if (this.#judges(this.#ignoreError, error, false)) return this.#circuit.release(permission)
    return this.#judges(this.#recordError, error, true)
      ? this.#circuit.fail(permission)
      : this.#circuit.succeed(permission)
  }

  /** The call was not made, or its result is to count as nothing: the permission goes back. Returns false if it is stale. */
  releasePermission(permission: Permission): boolean {
    return this.#circuit.release(permission)
  }

  /** Whether the permission is one of the few that a half-open circuit gives. */
  isProbe(permission: Permission): boolean {
    return this.#circuit.isProbe(permission)
  }

  /** The epoch in which a permission that is not yet reported was given. */
  epochOf(permission: Permission): number {
    return this.#circuit.epochOf(permission)
  }

  /** The whole circuit at a glance. Changes nothing. */
  snapshot(): Snapshot {
    return takeSnapshot(this.#cells, this.#map, this.#circuit)
  }

  /** Tells of each transition from now on, once and in order, whichever thread made it. Returns what ends it. */
  onTransition(listener: TransitionListener): () => void {
    if (!this.#attached) throw new DetachedError(this.name)
    return this.#feed.listen(listener)
  }

  /**
   * Gives back what a thread that has ended held. Busbar does this by itself for workers that were created by a thread
   * with an end of this breaker; call it for others, and never for a thread that still runs.
   */
  releaseThread(endedThreadId: number): void {
    // A worker's id is -1 once it has ended: it names nobody.
    if (endedThreadId < 0) return
    for (const claim of claimsOfThread(this.#cells, this.#map, endedThreadId)) this.#release(claim)
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
    this.#feed.close()
    this.#release(this.#claim)
  }

  #release(claim: SlotClaim): void {
    releaseSlot(this.#cells, this.#map, claim, () => {
      new Leases(this.#cells, this.#map, this.#circuit.words, claim.slot).reclaimOf(claim.slot)
    })
    // The thread may have died between a transition and the waking of those who wait for it.
    this.#cells.notify(this.#map.control, Number.POSITIVE_INFINITY)
  }

  /** A predicate that throws decides nothing: the default holds, so that the permission is not lost with it. */
  #judges(predicate: ((error: unknown) => boolean) | undefined, error: unknown, otherwise: boolean): boolean {
    if (!predicate) return otherwise
    try {
      return predicate(error)
    } catch (thrown) {
      process.emitWarning(`a predicate of circuit "${this.name}" threw: ${describeThrown(thrown)}`, {
        code: 'BUSBAR_PREDICATE_THREW',
      })
      return otherwise
    }
  }
}
