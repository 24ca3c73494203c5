import { threadId } from 'node:worker_threads'
import { AtomicCells } from '../memory/atomic-cells.js'
import { monotonicClock } from '../world/clock.js'
import { systemRandom } from '../world/random.js'
import { withdraw } from './admission/withdraw.js'
import { Circuit, REFUSED } from './circuit.js'
import { AttachError, DetachedError, isRefusal } from './errors.js'
import { TransitionFeed, type TransitionListener } from './events/transition-feed.js'
import { type Action, type CallOptions, checkTimeout, runGuarded } from './guarded-call.js'
import type { BreakerHandle, BreakerWorld, Permission } from './handle.js'
import { type CircuitState, State, stateName } from './life/control-word.js'
import { beginningIn, OpenWait } from './life/open-wait.js'
import { Reason } from './life/transition-log.js'
import type { BreakerOptions, Rules, ThreadOptions } from './options.js'
import { Predicates } from './predicates.js'
import { checkFits, resolveOptions, resolveRules } from './resolve-options.js'
import { type Snapshot, takeSnapshot } from './snapshot.js'
import { MemoryMap } from './storage/memory-map.js'
import { initializeRegion, readRegion } from './storage/region.js'
import { supervise, unsupervise } from './threads/supervisor.js'
import { claimSlot, claimsOfThread, releaseSlot, type SlotClaim } from './threads/thread-slots.js'

const settled = Promise.resolve()

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
  readonly #predicates: Predicates
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
    const clock = world.clock ?? monotonicClock
    this.#circuit = new Circuit(handle.name, cells, map, this.#claim.slot, clock, openWait)
    this.#feed = new TransitionFeed(this.#circuit, cells, map)
    this.#predicates = new Predicates(handle.name, options)
    supervise(this)
  }

  /** A new circuit. Throws a `ConfigurationError` that names the field, the value and what is allowed. */
  static create(options: BreakerOptions & ThreadOptions, world: BreakerWorld = {}): SharedCircuitBreaker {
    const { name, configuration, initialState, sizes } = resolveOptions(options)
    const map = new MemoryMap(0, sizes)
    const cells = AtomicCells.allocate(map.size)
    const now = (world.clock ?? monotonicClock).nowMs()
    initializeRegion(cells, map, configuration, beginningIn(initialState, configuration, now, world.random))
    return new SharedCircuitBreaker({ name, buffer: cells.buffer, firstCell: 0 }, cells, map, options, world)
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
   * Runs `action` if the circuit lets it, and reports how it ended. Rejects with what the action rejects with, with a
   * `CallNotPermittedError` if it was not run, or with a `CallTimeoutError`. The action gets a signal of its own, which is
   * aborted at the timeout; none is made for an action that takes none and has no timeout.
   */
  execute<T, F = never>(action: Action<T>, options?: CallOptions<F>): Promise<T | F> {
    try {
      if (options !== undefined) return this.#executeWith(action, options)
      const permission = this.#circuit.tryAcquire()
      if (permission === REFUSED) return this.#reject(this.#circuit.refusals.error)
      const { timeoutMs } = this.#circuit.lifecycle.configuration
      if (timeoutMs === undefined && action.length === 0) return this.#run(permission, action as () => T)
      return runGuarded(this.#circuit, this, permission, action, timeoutMs, undefined)
    } catch (error) {
      return Promise.reject(error)
    }
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
      this.onError(permission, error)
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
    if (this.#predicates.isFailure(result)) return this.#circuit.fail(permission)
    return this.#circuit.succeed(permission)
  }

  /**
   * The call failed. `ignoreError` and `recordError` decide what that counts as; the refusal of another breaker counts as
   * ignored. Returns false if the result is stale.
   */
  onError(permission: Permission, error?: unknown): boolean {
    if (isRefusal(error) || this.#predicates.isIgnored(error)) return this.#circuit.release(permission)
    return this.#predicates.isRecorded(error)
      ? this.#circuit.fail(permission, error)
      : this.#circuit.succeed(permission)
  }

  /** The call was not made, or its result is to count as nothing: the permission goes back. Returns false if it is stale. */
  releasePermission(permission: Permission): boolean {
    return this.#circuit.release(permission)
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
    checkTimeout(forMs)
    this.#transitionTo(State.open, forMs)
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

  #transitionTo(wanted: number, waitMs?: number): void {
    this.#circuit.change(Reason.manual, (state) => (state === wanted ? undefined : { state: wanted, waitMs }))
  }

  #executeWith<T, F>(action: Action<T>, { fallback, timeoutMs, signal }: CallOptions<F>): Promise<T | F> {
    checkTimeout(timeoutMs)
    signal?.throwIfAborted()
    const permission = this.#circuit.tryAcquire()
    if (permission !== REFUSED) {
      const limitMs = timeoutMs ?? this.#circuit.lifecycle.configuration.timeoutMs
      return runGuarded(this.#circuit, this, permission, action, limitMs, signal)
    }
    const refusal = this.#circuit.refusals.error
    return fallback ? new Promise<F>((resolve) => resolve(fallback(refusal))) : this.#reject(refusal)
  }

  async #run<T>(permission: Permission, action: () => PromiseLike<T> | T): Promise<T> {
    let result: T
    try {
      result = await action()
    } catch (error) {
      this.onError(permission, error)
      throw error
    }
    this.onSuccess(permission, result)
    return result
  }

  /**
   * A promise that rejects in a moment. One that is rejected when it is made costs Node several times as much, as nobody
   * can have asked for its result yet; a refusal that nobody asks for is still reported as unhandled.
   */
  #reject(error: unknown): Promise<never> {
    return settled.then(() => {
      throw error
    })
  }

  #release(claim: SlotClaim): void {
    releaseSlot(this.#cells, this.#map, claim, () => withdraw(this.#cells, this.#map, this.#circuit.words, claim.slot))
    // The thread may have died between a transition and the waking of those who wait for it.
    this.#cells.notify(this.#map.control, Number.POSITIVE_INFINITY)
  }
}
