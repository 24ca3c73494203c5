import { whole } from '../../breaker/resolve-options.js'
import type { Cells } from '../../memory/cells.js'
import { alignToLine, CELLS_PER_LINE } from '../../memory/layout.js'

/**
 * Where the audit is. Size → initialize → attach; the base begins a line.
 *
 * | part | cells | written by | read by |
 * |---|---|---|---|
 * | capacity, on a line of its own | 1 | initialize, once | attach |
 * | head, on a line of its own: how many positions were taken | 1 | whoever has something to record | readers |
 * | entries | 16 each | whoever took the position | readers |
 */
const ENTRY_CELLS = 16
const CAPACITY_MIN = 16
const CAPACITY_MAX = 65_536

export class AuditMap {
  /** How many records can be read back: a power of two. */
  readonly capacity: number
  readonly head: number
  readonly #entries: number

  /** `capacity`: 16 to 65,536, rounded up to a power of two. Throws a `ConfigurationError` for any other. */
  constructor(
    readonly base: number,
    capacity: number,
  ) {
    if (base !== alignToLine(base)) throw new RangeError(`the audit's memory begins at cell ${base}, within a line`)
    this.capacity = 2 ** Math.ceil(Math.log2(whole('auditCapacity', capacity, CAPACITY_MIN, CAPACITY_MAX)))
    this.head = base + CELLS_PER_LINE
    this.#entries = base + 2 * CELLS_PER_LINE
  }

  /** The first cell after the audit's memory. */
  get end(): number {
    return this.#entries + this.capacity * ENTRY_CELLS
  }

  entry(position: number): number {
    return this.#entries + (position & (this.capacity - 1)) * ENTRY_CELLS
  }
}

/** Prepares the audit's memory, which must be all zero, before any thread attaches. */
export function initializeAudit(cells: Cells, map: AuditMap): void {
  cells.store(map.base, map.capacity)
}

/** Throws a `RangeError` if the memory was initialized for another number of records: its entries would be looked for elsewhere. */
export function checkAudit(cells: Cells, map: AuditMap): void {
  const capacity = cells.load(map.base)
  if (capacity === map.capacity) return
  throw new RangeError(`this memory is the audit of ${capacity} records, not of ${map.capacity}`)
}
