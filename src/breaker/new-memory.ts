import { AtomicCells } from '../memory/atomic-cells.js'
import { monotonicClock } from '../world/clock.js'
import type { BreakerHandle, BreakerWorld } from './handle.js'
import { beginningIn } from './life/open-wait.js'
import type { BreakerOptions } from './options.js'
import { resolveOptions } from './resolve-options.js'
import { resolveSerialized, restoreRegion, type SerializedBreaker } from './serialization.js'
import { MemoryMap } from './storage/memory-map.js'
import { initializeRegion } from './storage/region.js'

/** A breaker's memory, of which nobody else knows yet. */
interface NewMemory {
  readonly handle: BreakerHandle
  readonly cells: AtomicCells
  readonly map: MemoryMap
}

export function memoryOfNew(options: BreakerOptions, world: BreakerWorld): NewMemory {
  const { name, configuration, initialState, sizes } = resolveOptions(options)
  const map = new MemoryMap(0, sizes)
  const cells = AtomicCells.allocate(map.size)
  const now = (world.clock ?? monotonicClock).nowMs()
  initializeRegion(cells, map, configuration, beginningIn(initialState, configuration, now, world.random))
  return { handle: { name, buffer: cells.buffer, firstCell: 0 }, cells, map }
}

export function memoryOfSaved(saved: SerializedBreaker, world: BreakerWorld): NewMemory {
  const { name, sizes } = resolveSerialized(saved)
  const map = new MemoryMap(0, sizes)
  const cells = AtomicCells.allocate(map.size)
  restoreRegion(cells, map, saved, world.clock ?? monotonicClock)
  return { handle: { name, buffer: cells.buffer, firstCell: 0 }, cells, map }
}
