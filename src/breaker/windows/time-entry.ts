import type { Cells } from '../../memory/cells.js'

/** An entry of a slot's ring of buckets in a time window, cell by cell. */
export const Entry = {
  life: 0,
  numberLow: 1,
  numberHigh: 2,
  success: 3,
  error: 4,
  slow: 5,
  judgedCalls: 6,
  clearUntil: 7,
} as const

/** Of an entry that is being written. */
export const NO_LIFE = 0

/** Of the bucket that an entry is of: how many came before it, since the clock's origin. */
export function numberOf(cells: Cells, entry: number): number {
  const high = cells.load(entry + Entry.numberHigh)
  return high * 0x1_0000_0000 + (cells.load(entry + Entry.numberLow) >>> 0)
}
