import type { Cells } from '../../memory/cells.js'
import { AttachError } from '../errors.js'
import { ControlWords } from '../life/control-word.js'
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
const HEADER_CELLS = Object.keys(Header).length

/** No breaker is larger, so a header that says so is not one's. */
const SIZES_MAX: Sizes = { slots: 1024, leases: 256, buckets: 1000, ring: 2 ** 20, seats: 65_536, events: 65_536 }

/** The configuration that a new breaker begins with is the first of slot 0. */
const FIRST_CONFIGURATION = 0

/** The life that a new breaker begins with; sequence 0 as a rule. */
export interface Beginning {
  readonly state: number
  readonly sequence?: number
  readonly reason?: number
  readonly beganMs: number
  readonly retryAtMs: number
  readonly attempt: number
}

export function initializeRegion(
  cells: Cells,
  map: MemoryMap,
  configuration: Configuration,
  beginning: Beginning,
): void {
  const words = new ControlWords(map.sizes.slots)
  const life = words.compose(beginning.state, beginning.sequence ?? 0, 0)
  storeConfiguration(cells, map.configuration(FIRST_CONFIGURATION), configuration)
  new TransitionLog(cells, map, words).write({
    life,
    previous: life,
    reason: beginning.reason ?? Reason.created,
    beganMs: beginning.beganMs,
    retryAtMs: beginning.retryAtMs,
    attempt: beginning.attempt,
    configuration: FIRST_CONFIGURATION,
    calls: 0,
    failures: 0,
    slow: 0,
  })
  cells.store(map.control, life)
  cells.store(map.base + Header.version, LAYOUT_VERSION)
  cells.store(map.base + Header.size, map.size)
  for (const part of Object.keys(SIZES_MAX) as (keyof Sizes)[]) {
    cells.store(map.base + Header[part], map.sizes[part])
  }
  // Last: memory that names itself a breaker is one.
  cells.store(map.base + Header.magic, MAGIC)
}

/** The map of the breaker that begins at cell `base`. Throws an `AttachError` for anything else. */
export function readRegion(cells: Cells, base: number): MemoryMap {
  if (
    !Number.isInteger(base) ||
    base < 0 ||
    base + HEADER_CELLS > cells.length ||
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
  const size = (part: keyof Sizes) => cells.load(base + Header[part])
  const parts = Object.entries(SIZES_MAX) as [keyof Sizes, number][]
  const plausible = size('slots') >= 1 && parts.every(([part, most]) => size(part) >= 0 && size(part) <= most)
  const sizes = Object.fromEntries(parts.map(([part]) => [part, size(part)])) as Record<keyof Sizes, number>
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
