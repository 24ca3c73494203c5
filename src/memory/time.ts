import type { Cells } from './cells.js'

const TWO_TO_32 = 0x1_0000_0000

/**
 * A time in two adjacent cells: whole microseconds since the monotonic clock's origin, low half first. It doesn't wrap
 * for 285 years. The two halves are no atomic unit: what holds the time must say when it may be read.
 */
export function storeTime(cells: Cells, index: number, timeMs: number): void {
  const microseconds = Math.round(timeMs * 1000)
  cells.store(index, microseconds | 0)
  cells.store(index + 1, Math.floor(microseconds / TWO_TO_32))
}

export function loadTime(cells: Cells, index: number): number {
  return joinHalves(cells.load(index), cells.load(index + 1)) / 1000
}

export function joinHalves(low: number, high: number): number {
  return high * TWO_TO_32 + (low >>> 0)
}
