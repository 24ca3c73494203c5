const INDEX_MAX = 2 ** 31 - 1

/** The number of a span, if it is one that fits a cell. */
export function indexInRange(index: number, nowMs: number): number {
  if (index >= 0 && index <= INDEX_MAX) return index
  throw new RangeError(`${nowMs} is no time that a budget can have: milliseconds since 1970, not before`)
}
