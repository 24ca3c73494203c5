import { ConfigurationError } from '../errors.js'
import type { BreakerOptions, ThreadOptions } from '../options.js'
import { resolveOptions } from '../resolve-options.js'
import { CAPACITY_MAX, type RegistryDefaults, type RegistryMap, sizeRegistry } from './registry-map.js'

/** What a registry is made of. What each thread decides for itself is given with it, for this thread. */
export interface RegistryOptions extends ThreadOptions {
  /** How many names there can be, 1 to 65,536. Default 1,000. */
  readonly capacity?: number
  /**
   * What a breaker is made of whose creator says nothing else. It also says how much room each has: the rules of a single
   * breaker may not need more (permitted calls in half-open, buckets, count window, concurrent calls).
   */
  readonly defaults?: Omit<BreakerOptions, 'name' | 'maxThreads'>
  /** How many threads may use one breaker at once, at most 1,024; rounded up to a power of two. Default 16. */
  readonly maxThreads?: number
}

/** Throws a `ConfigurationError` for the first field that is not allowed. */
export function resolveRegistryOptions(options: RegistryOptions): { map: RegistryMap; defaults: RegistryDefaults } {
  const capacity = options.capacity ?? 1000
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > CAPACITY_MAX) {
    throw new ConfigurationError('capacity', capacity, `a whole number from 1 to ${CAPACITY_MAX}`)
  }
  const { configuration, initialState, sizes } = resolveOptions({
    ...options.defaults,
    name: 'defaults',
    maxThreads: options.maxThreads ?? 16,
  })
  return { map: sizeRegistry(capacity, sizes), defaults: { configuration, initialState } }
}
