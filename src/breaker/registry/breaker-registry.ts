import { getEnvironmentData, setEnvironmentData, threadId } from 'node:worker_threads'
import { AtomicCells } from '../../memory/atomic-cells.js'
import { monotonicClock } from '../../world/clock.js'
import { releaseEnded } from '../admission/release.js'
import { AttachError, DetachedError } from '../errors.js'
import type { BreakerWorld } from '../handle.js'
import { beginningIn } from '../life/open-wait.js'
import type { Rules, ThreadOptions } from '../options.js'
import { checkFits, resolveRules } from '../resolve-options.js'
import { SharedCircuitBreaker } from '../shared-circuit-breaker.js'
import { MemoryMap } from '../storage/memory-map.js'
import { initializeRegion } from '../storage/region.js'
import { supervise, unsupervise } from '../threads/supervisor.js'
import { RegistryNotFoundError } from './errors.js'
import { NameList } from './name-list.js'
import { checkName } from './name-text.js'
import { initializeRegistry, type RegistryMap, readDefaults, readRegistry } from './registry-map.js'
import { type RegistryOptions, resolveRegistryOptions } from './registry-options.js'

/** What another thread needs to attach. Structured-cloneable; its memory is shared, not copied. */
export interface RegistryHandle {
  readonly buffer: SharedArrayBuffer
}

/** Under which a registry is published if nothing else is said. */
const DEFAULT_KEY = 'busbar.registry'

/** The ends that `find` gives in this thread, so that it may be called anywhere and as often as one likes. */
const found = new WeakMap<SharedArrayBuffer, BreakerRegistry>()

/**
 * Many named breakers in one piece of shared memory, each created by whichever thread asks for it first.
 *
 * Each object is one thread's end of the registry. Nothing is ever taken out of a registry.
 */
export class BreakerRegistry {
  readonly handle: RegistryHandle
  readonly #cells: AtomicCells
  readonly #map: RegistryMap
  readonly #names: NameList
  readonly #options: ThreadOptions
  readonly #world: BreakerWorld
  readonly #breakers = new Map<string, SharedCircuitBreaker>()
  #attached = true

  private constructor(cells: AtomicCells, map: RegistryMap, options: ThreadOptions, world: BreakerWorld) {
    this.handle = { buffer: cells.buffer }
    this.#cells = cells
    this.#map = map
    this.#names = new NameList(cells, map, threadId)
    this.#options = options
    this.#world = world
    supervise(this)
  }

  /** A new registry, empty. Throws a `ConfigurationError` that names the field, the value and what is allowed. */
  static create(options: RegistryOptions = {}, world: BreakerWorld = {}): BreakerRegistry {
    const { map, defaults } = resolveRegistryOptions(options)
    const cells = AtomicCells.allocate(map.size)
    initializeRegistry(cells, map, defaults)
    return new BreakerRegistry(cells, map, options, world)
  }

  /** This thread's end of an existing registry. Throws an `AttachError`. */
  static attach(handle: RegistryHandle, options: ThreadOptions = {}, world: BreakerWorld = {}): BreakerRegistry {
    if (!(handle?.buffer instanceof SharedArrayBuffer)) {
      throw new AttachError('ERR_NOT_A_BREAKER', 'attach needs the handle of a registry: { buffer }')
    }
    const cells = new AtomicCells(handle.buffer)
    return new BreakerRegistry(cells, readRegistry(cells), options, world)
  }

  /**
   * This thread's end of the registry that was published, by this thread or by one that it descends from before it was
   * created. The same object each time, unless options or a world are given when there is one already: that is an end of
   * its own, to be kept. Throws a `RegistryNotFoundError`, or an `AttachError` if something else was published.
   */
  static find(key = DEFAULT_KEY, options?: ThreadOptions, world?: BreakerWorld): BreakerRegistry {
    const handle = getEnvironmentData(key) as unknown as RegistryHandle | undefined
    if (handle === undefined) throw new RegistryNotFoundError(key)
    const known = found.get(handle?.buffer)
    if (known && !options && !world) return known
    const registry = BreakerRegistry.attach(handle, options, world)
    if (!known) found.set(handle.buffer, registry)
    return registry
  }

  /** Lets `find` find it: in this thread, in each that it creates from now on, and in those that they create. */
  publish(key = DEFAULT_KEY): void {
    setEnvironmentData(key, this.handle as unknown as Parameters<typeof setEnvironmentData>[1])
    if (this.#attached) found.set(this.handle.buffer, this)
  }

  /**
   * This thread's end of the breaker of that name; the same object each time. If no thread has asked for it yet, it is
   * created, with the registry's defaults and with `rules` in place of those that they name; otherwise `rules` are not
   * looked at: `reconfigure` changes those of a breaker that there is.
   *
   * Detach it through the registry: one that was detached by itself stays what this thread has of that name.
   *
   * A name has 1 to 128 UTF-16 code units, and is compared unit by unit. Throws a `ConfigurationError`, also for rules that
   * need more room than the defaults; a `RegistryFullError`; and an `AttachError` when `maxThreads` threads use the breaker.
   */
  breaker(name: string, rules: Rules = {}): SharedCircuitBreaker {
    const known = this.#breakers.get(name)
    if (known) return known
    if (!this.#attached) throw new DetachedError(name)
    checkName(name)
    const entry = this.#names.find(name) ?? this.#create(name, rules)
    const firstCell = this.#map.breaker(entry)
    const handle = { name, buffer: this.handle.buffer, firstCell }
    const breaker = SharedCircuitBreaker.attach(handle, this.#options, this.#world)
    this.#breakers.set(name, breaker)
    return breaker
  }

  /** Whether any thread has created a breaker of that name. */
  has(name: string): boolean {
    return this.#names.find(name) !== undefined
  }

  /** The names of all breakers that any thread has created, in that order. */
  names(): string[] {
    return this.#names.names()
  }

  /**
   * Gives back what a thread that has ended held, in every breaker of the registry. Busbar does this by itself for workers
   * that were created by a thread with an end of this registry; call it for others, and never for a thread that still runs.
   */
  releaseThread(endedThreadId: number): void {
    // A worker's id is -1 once it has ended: it names nobody.
    if (endedThreadId < 0) return
    this.#names.releaseThread(endedThreadId)
    // Who has an end of a breaker can tell its listeners of what came back; the rest is for those of which it has none.
    for (const breaker of this.#breakers.values()) breaker.releaseThread(endedThreadId)
    for (const entry of this.#names.entries()) {
      releaseEnded(this.#cells, new MemoryMap(this.#map.breaker(entry), this.#map.sizes), endedThreadId)
    }
  }

  /** Detaches every breaker that this thread has from this registry. It can ask for no more of them. */
  detach(): void {
    if (!this.#attached) return
    this.#attached = false
    unsupervise(this)
    if (found.get(this.handle.buffer) === this) found.delete(this.handle.buffer)
    for (const breaker of this.#breakers.values()) breaker.detach()
    this.#breakers.clear()
  }

  #create(name: string, rules: Rules): number {
    const { sizes } = this.#map
    const { configuration: defaults, initialState } = readDefaults(this.#cells, this.#map)
    const configuration = resolveRules({ ...defaults, ...rules })
    checkFits(configuration, sizes)
    const nowMs = (this.#world.clock ?? monotonicClock).nowMs()
    const beginning = beginningIn(initialState, configuration, nowMs, this.#world.random)
    return this.#names.create(name, (entry) => {
      initializeRegion(this.#cells, new MemoryMap(this.#map.breaker(entry), sizes), configuration, beginning)
    })
  }
}
