/** One rate that was tried. */
export interface Tried<Result> {
  readonly ratePerSecond: number
  readonly passed: boolean
  readonly result: Result
}

export interface LimitSearch<Result> {
  readonly from: number
  readonly most: number
  /** Asked before each try; without an answer of true the search ends with what it has. */
  readonly goesOn: () => boolean
  readonly attempt: (ratePerSecond: number) => Promise<Omit<Tried<Result>, 'ratePerSecond'>>
}

export interface Limit<Result> {
  /** The highest rate that passed, and passed again; undefined where none did. */
  readonly ratePerSecond: number | undefined
  /** The lowest that didn't; undefined where all did, up to the most that was allowed. */
  readonly beyondPerSecond: number | undefined
  readonly tried: readonly Tried<Result>[]
}

/** The answer is as fine as this: what was beyond is at most so much more than what passed. */
const PRECISION = 0.05
const TRIES_MAX = 24

/**
 * The highest rate that passes: doubled, or halved, until one passes and the next doesn't, then between the two. The last one that
 * passed must do so again, as near the limit a rate passes by luck; one that doesn't is beyond the limit, and the search goes on below.
 */
export async function findLimit<Result>({ from, most, goesOn, attempt }: LimitSearch<Result>): Promise<Limit<Result>> {
  const tried: Tried<Result>[] = []
  let passedAt: number | undefined
  let beyond: number | undefined
  let isConfirmed = false
  while (goesOn() && tried.length < TRIES_MAX) {
    const ratePerSecond = nextRate(passedAt, beyond, from, most)
    if (ratePerSecond === undefined && isConfirmed) break
    const rate = ratePerSecond ?? (passedAt as number)
    const { passed, result } = await attempt(rate)
    tried.push({ ratePerSecond: rate, passed, result })
    if (passed) {
      isConfirmed = rate === passedAt
      passedAt = rate
    } else {
      beyond = rate
      if (rate === passedAt) passedAt = tried.findLast((one) => one.passed && one.ratePerSecond < rate)?.ratePerSecond
    }
    if (passedAt === undefined && rate <= 1) break
  }
  return { ratePerSecond: passedAt, beyondPerSecond: beyond, tried }
}

/** Undefined where the two are close enough, so that what passed is to be tried once more. */
function nextRate(
  passedAt: number | undefined,
  beyond: number | undefined,
  from: number,
  most: number,
): number | undefined {
  if (passedAt === undefined) return beyond === undefined ? from : beyond / 2
  if (beyond !== undefined) return beyond / passedAt <= 1 + PRECISION ? undefined : Math.sqrt(passedAt * beyond)
  return passedAt >= most ? undefined : Math.min(most, passedAt * 2)
}
