import type { Explored } from './exploring.js'
import { each, LANES, type Tell } from './lanes.js'

/** One case of a program. */
export interface CaseName {
  readonly program: string
  readonly index: number
}

export interface ExploreTimes {
  /** Until all are to be explored. */
  readonly leftMs: () => number
  /** The most for one case. */
  readonly mostMs: number
  /** The most for one case when it is first explored, as a share of what is left then. */
  readonly firstShare: number
}

/** What every case gets, however late it is. */
export const LEAST_MS = 20

/**
 * Explores each case; then those again that ran out of their time, with all that is left. Which cases are large is not known
 * before, and a large one that came early would leave too little to those after it; so each has a share at first, and what is left
 * over goes to those that it was too little for.
 */
export async function exploreAll(
  cases: readonly CaseName[],
  explore: (one: CaseName, timeMs: number) => Promise<Explored | undefined>,
  { leftMs, mostMs, firstShare }: ExploreTimes,
  tell?: Tell,
): Promise<Explored[]> {
  const within = (timeMs: number) => Math.floor(Math.max(LEAST_MS, Math.min(mostMs, timeMs)))
  const first = await each(cases, (one) => explore(one, within(leftMs() * firstShare)), tell)
  let waiting = first.filter(isOutOfTime).length
  if (waiting === 0) return first
  const again = await each(first.filter(isOutOfTime), (one) => {
    const timeMs = within((leftMs() * LANES) / Math.max(LANES, waiting))
    waiting -= 1
    // As much as it had before would end in the same way.
    return timeMs > spentMs(one) ? explore(one, timeMs) : Promise.resolve(undefined)
  })
  const better = new Map(again.map((one) => [nameOf(one), one]))
  return first.map((one) => better.get(nameOf(one)) ?? one)
}

function isOutOfTime({ exploration }: Explored): boolean {
  return exploration.verdict === 'unknown' && exploration.failure === undefined
}

function spentMs({ exploration, givenUp }: Explored): number {
  return exploration.elapsedMs + (givenUp?.elapsedMs ?? 0)
}

function nameOf({ program, index }: CaseName): string {
  return `${program}/${index}`
}
