import type { BudgetFigures } from '../ledger/kept-account.js'

/** How much of a budget is granted ahead. */
export interface Granting {
  readonly limit: number
  /** What is granted at a time; what a crash loses is at most three of them, or what was reserved. */
  readonly block: number
}

/** A ceiling of more than that above what is committed is too much. */
const BLOCKS_AHEAD_MAX = 3

/**
 * What the ceiling should become, so that no thread has to wait for a grant: a block above what is committed, once less than half of
 * one is left, or what was wanted. Undefined if it may stay.
 */
export function raised(
  { limit, block }: Granting,
  { committed, ceiling }: BudgetFigures,
  wanted: number,
): number | undefined {
  const isShort = committed > ceiling - block / 2 || committed + wanted > ceiling
  // More than the limit is committed where that was lowered between two processes.
  if (!isShort || committed > limit) return undefined
  const target = Math.min(limit, committed + Math.max(block, wanted))
  return target > ceiling ? target : undefined
}

/** What the ceiling should become where a crash would lose too much, as reservations were released or a window has moved on. */
export function lowered({ block }: Granting, { committed, ceiling }: BudgetFigures): number | undefined {
  return ceiling > committed + BLOCKS_AHEAD_MAX * block ? committed + block : undefined
}
