/** Lines over the same times; null where a line has no value. */
export interface Points {
  readonly x: readonly number[]
  readonly lines: readonly (readonly (number | null)[])[]
}

/**
 * At most `pointsMax` points of each line. Of every stretch two are kept, at its two ends: the smallest and the largest value of
 * the line in it, in the order in which they came. So no peak is lost, and none is moved by more than a stretch.
 */
export function thinned(points: Points, pointsMax: number): Points {
  const { x, lines } = points
  if (x.length <= pointsMax) return points
  const stretches = Math.max(1, Math.floor(pointsMax / 2))
  const limits = Array.from({ length: stretches }, (_, index) => {
    const [from, to] = [index, index + 1].map((stretch) => Math.floor((stretch * x.length) / stretches))
    return [from ?? 0, to ?? 0] as const
  })
  return {
    x: limits.flatMap(([from, to]) => [x[from] as number, x[to - 1] as number]),
    lines: lines.map((values) => limits.flatMap(([from, to]) => extremes(values.slice(from, to)))),
  }
}

function extremes(values: readonly (number | null)[]): readonly [number | null, number | null] {
  let least = -1
  let most = -1
  for (const [index, value] of values.entries()) {
    if (value === null) continue
    if (least < 0 || value < (values[least] as number)) least = index
    if (most < 0 || value > (values[most] as number)) most = index
  }
  const [first, second] = least < most ? [least, most] : [most, least]
  return [values[first] ?? null, values[second] ?? null]
}
