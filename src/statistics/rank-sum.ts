/**
 * Mann–Whitney U (Mann & Whitney 1947): how likely two sets of readings would be as far apart in ranks, in either direction, if they
 * came from the same source. No distribution is assumed. By the normal approximation with the variance corrected for equal
 * values and the distance for continuity (Lehmann 1975, ch. 1), which is within 0.01 of the exact value where that is below
 * 0.1, from five readings a side on. 1 where a side is empty or all values are equal.
 */
export function rankSumProbability(one: readonly number[], other: readonly number[]): number {
  const all = [...one.map((value) => ({ value, first: true })), ...other.map((value) => ({ value, first: false }))]
  all.sort((left, right) => left.value - right.value)
  let rankSum = 0
  let ties = 0
  for (let from = 0; from < all.length; ) {
    let to = from
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1
    const rank = (from + 1 + to) / 2
    for (let index = from; index < to; index += 1) if (all[index]?.first) rankSum += rank
    ties += (to - from) ** 3 - (to - from)
    from = to
  }
  const [n, m] = [one.length, other.length]
  const size = n + m
  const variance = ((n * m) / 12) * (size + 1 - ties / (size * (size - 1)))
  if (n === 0 || m === 0 || !(variance > 0)) return 1
  const distance = Math.abs(rankSum - (n * (size + 1)) / 2) - 0.5
  return Math.min(1, 2 * upperTail(Math.max(0, distance) / Math.sqrt(variance)))
}

/** Of the standard normal distribution, to 1.5·10⁻⁷ (Abramowitz & Stegun 1964, 26.2.17 by 7.1.26). */
export function upperTail(z: number): number {
  const x = z / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const polynomial = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return (polynomial * Math.exp(-x * x)) / 2
}

/**
 * Probabilities corrected for how many were looked at: with these below α the chance of even one false alarm is below α (Holm
 * 1979). In the order of the given ones.
 */
export function holmCorrected(probabilities: readonly number[]): number[] {
  const order = probabilities.map((_, index) => index)
  order.sort((one, other) => (probabilities[one] as number) - (probabilities[other] as number))
  const corrected = new Array<number>(probabilities.length).fill(1)
  let least = 0
  for (const [place, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (probabilities[index] as number) * (probabilities.length - place)))
    corrected[index] = least
  }
  return corrected
}
