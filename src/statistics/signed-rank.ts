import { doubles } from '../memory/columns.js'
import { upperTail } from './rank-sum.js'
import { median, medianOf } from './ranks.js'

/** With more pairs the ways are counted no more: the normal approximation is within 0.001 then, and averages of two are too many. */
const COUNTED_MAX = 100

/**
 * Wilcoxon's signed-rank test (Wilcoxon 1945): how likely differences of pairs would lie as much to one side of zero, in either
 * direction, if either side of a pair might as well have been the other. No distribution is assumed. Exact, by counting the
 * sums that all choices of signs come to, equal sizes included; pairs that don't differ say nothing and are left out. 1 where nothing differs; five pairs come to 0.06 at the least, six to 0.03.
 */
export function signedRankProbability(differences: readonly number[]): number {
  const ranked = ranksOf(differences.filter((difference) => difference !== 0))
  const total = ranked.reduce((sum, { rank }) => sum + rank, 0)
  const positive = ranked.reduce((sum, { rank, isPositive }) => sum + (isPositive ? rank : 0), 0)
  if (ranked.length === 0) return 1
  const least = Math.min(positive, total - positive)
  const ranks = ranked.map(({ rank }) => rank)
  const below = ranks.length > COUNTED_MAX ? normalShare(ranks, least, total) : countedShare(ranks, least, total)
  return Math.min(1, 2 * below)
}

interface Ranked {
  /** Twice the rank by size, so that the mean of two neighbours is whole. */
  readonly rank: number
  readonly isPositive: boolean
}

function ranksOf(differences: readonly number[]): Ranked[] {
  const sizes = differences.map(Math.abs)
  return differences.map((difference) => {
    const size = Math.abs(difference)
    const below = sizes.filter((other) => other < size).length
    const alike = sizes.filter((other) => other === size).length
    return { rank: 2 * below + alike + 1, isPositive: difference > 0 }
  })
}

/** Of all choices of signs, those whose positive ranks come to `most` or less. */
function countedShare(ranks: readonly number[], most: number, total: number): number {
  const shares = doubles(total + 1)
  shares[0] = 1
  for (const rank of ranks) {
    for (let sum = total; sum >= 0; sum -= 1) {
      shares[sum] = ((shares[sum] as number) + (sum >= rank ? (shares[sum - rank] as number) : 0)) / 2
    }
  }
  return shares.subarray(0, most + 1).reduce((all, share) => all + share, 0)
}

function normalShare(ranks: readonly number[], most: number, total: number): number {
  const deviation = Math.sqrt(ranks.reduce((sum, rank) => sum + rank ** 2, 0)) / 2
  return upperTail(Math.max(0, total / 2 - most - 1) / deviation)
}

/** What the pairs differ by: the median of the averages of any two (Hodges & Lehmann 1963), which is Wilcoxon's own estimate. */
export function pairedShift(differences: readonly number[]): number {
  const { length } = differences
  if (length > COUNTED_MAX) return median(differences)
  const averages = doubles((length * (length + 1)) / 2)
  let count = 0
  for (const [index, one] of differences.entries()) {
    for (let other = index; other < length; other += 1) averages[count++] = (one + (differences[other] as number)) / 2
  }
  return medianOf(averages.sort())
}
