import type { Cells } from '../../memory/cells.js'
import { AttachError } from '../errors.js'
import { ControlWords, State } from '../life/control-word.js'
import { Reason, TransitionLog } from '../life/transition-log.js'
import type { Configuration } from '../options.js'
import { storeConfiguration } from './configuration-block.js'
import { Header, LAYOUT_VERSION, MAGIC, MemoryMap, type Sizes } from './memory-map.js'

/**
 * A breaker's stretch of shared memory: size → initialize → attach.
 *
 * Initialize runs before anyone else knows of the memory. Attach only reads: it writes nothing of the circuit's
 * (pybreaker #26, #24), and refuses what it doesn't know.
 */
export function sizesFor(configuration: Configuration): Sizes {
  const window = configuration.slidingWindow
  return {
    slots: configuration.maxThreads,
    leases: configuration.permittedNumberOfCallsInHalfOpenState,
    buckets: window.type === 'time' ? window.buckets : 0,
  }
}

/** The configuration that a new breaker begins with is the first of slot 0. */
const FIRST_CONFIGURATION = 0

export function initializeRegion(
  cells: Cells,
  map: MemoryMap,
  configuration: Configuration,
  nowMs: number,
  sequence = 0,
): void {
  const words = new ControlWords(map.sizes.slots)
  const life = words.compose(State.closed, sequence, 0)
  storeConfiguration(cells, map.configuration(FIRST_CONFIGURATION), configuration)
  new TransitionLog(cells, map, words).write({
    life,
    previous: life,
    reason: Reason.created,
    beganMs: nowMs,
    retryAtMs: nowMs,
    attempt: 0,
    configuration: FIRST_CONFIGURATION,
    calls: 0,
    failures: 0,
  })
  cells.store(map.control, life)
  cells.store(map.base + Header.version, LAYOUT_VERSION)
  cells.store(map.base + Header.size, map.size)
  cells.store(map.base + Header.slots, map.sizes.slots)
  cells.store(map.base + Header.leases, map.sizes.leases)
  cells.store(map.base + Header.buckets, map.sizes.buckets)
  // Last: memory that names itself a breaker is one.
  cells.store(map.base + Header.magic, MAGIC)
}

/** The map of the breaker that begins at cell `base`. Throws an `AttachError` for anything else. */
export function readRegion(cells: Cells, base: number): MemoryMap {
  const header = Object.keys(Header).length
  if (
    !Number.isInteger(base) ||
    base < 0 ||
    base + header > cells.length ||
    cells.load(base + Header.magic) !== MAGIC
  ) {
    throw new AttachError('ERR_NOT_A_BREAKER', `there is no breaker at cell ${base} of this buffer`)
  }
  const version = cells.load(base + Header.version)
  if (version !== LAYOUT_VERSION) {
    throw new AttachError(
      'ERR_LAYOUT_VERSION',
      `the breaker's memory has layout ${version}; this version of busbar knows layout ${LAYOUT_VERSION}`,
    )
  }
  const sizes = {
    slots: cells.load(base + Header.slots),
    leases: cells.load(base + Header.leases),
    buckets: cells.load(base + Header.buckets),
  }
  const plausible = sizes.slots >= 1 && sizes.slots <= 1024 && sizes.leases <= 256 && sizes.buckets <= 1000
  const map = plausible ? new MemoryMap(base, sizes) : undefined
  if (!map || map.size !== cells.load(base + Header.size)) {
    throw new AttachError('ERR_NOT_A_BREAKER', 'the breaker’s header contradicts itself: the memory was written over')
  }
  if (base + map.size > cells.length) {
    throw new AttachError(
      'ERR_TRUNCATED',
      `the breaker needs ${map.size} cells from cell ${base} on; the buffer ends after ${cells.length - base}`,
    )
  }
  return map
}
