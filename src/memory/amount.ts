import type { Cells } from './cells.js'
import { joinHalves } from './time.js'

const TWO_TO_32 = 0x1_0000_0000

/**
 * A whole number from −(2⁵³ − 1) to 2⁵³ − 1 in two adjacent cells, low half first: where the first of them is even, the same as one
 * 64-bit word. Written and read as halves it costs no BigInt, but the two are no atomic unit: whoever holds the amount must say
 * when it may be read.
 */
export function loadAmount(cells: Cells, index: number): number {
  return joinHalves(cells.load(index), cells.load(index + 1))
}

export function storeAmount(cells: Cells, index: number, amount: number): void {
  cells.store(index, amount | 0)
  cells.store(index + 1, Math.floor(amount / TWO_TO_32))
}

/** As `storeAmount`, where the writer knows what the cells hold, because nobody else writes them. */
export function replaceAmount(cells: Cells, index: number, before: number, amount: number): void {
  if (before === amount) return
  cells.store(index, amount | 0)
  if (before >= 0 && amount >= 0 && before < TWO_TO_32 && amount < TWO_TO_32) return
  cells.store(index + 1, Math.floor(amount / TWO_TO_32))
}
