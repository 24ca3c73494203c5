import { type Exploration, explore } from '../explore/explore.js'
import type { ExploreBudget } from '../explore/options.js'
import { type Clock, monotonicClock } from '../world/clock.js'
import { type CheckerName, type Questions, together } from './question.js'
import { type Effort, efforts, type RacedCase, type RacedProgram } from './raced-program.js'

/** What was found out about one case of a program. */
export interface Explored {
  readonly program: string
  readonly index: number
  readonly case: string
  readonly checkers: readonly CheckerName[]
  readonly exploration: Exploration
  /** What was done of all interleavings, where they were too many; `exploration` is then of those with few preemptions. */
  readonly givenUp?: Pick<Exploration, 'strategy' | 'traces' | 'states' | 'elapsedMs'>
}

/** Most faults need two preemptions or fewer: Musuvathi & Qadeer, "Iterative context bounding" (PLDI 2007). */
const PREEMPTIONS = 2
/** Of the time for a case, how much goes to all interleavings before those with few preemptions are tried. */
const SHARE_OF_ALL = 0.6

/** Which cases of a program are worth so much effort. */
export function casesFor({ cases }: RacedProgram, effort: Effort): number[] {
  return [...cases().entries()]
    .filter(([, one]) => efforts.indexOf(one.effort) <= efforts.indexOf(effort))
    .map(([index]) => index)
}

/**
 * Everything, if there is time for it; else everything up to so many preemptions, which is then what was proven: the valid answer
 * to a smaller question, and reports say which.
 */
export function exploreCase(
  program: string,
  index: number,
  one: RacedCase,
  budget: ExploreBudget & { readonly timeMs: number },
  clock: Clock = monotonicClock,
): Explored {
  const options = { ...one.program, ...one.how, ...together(one.questions) }
  const given = { ...budget, ...one.how?.budget }
  const about = { program, index, case: one.name, checkers: namesOf(one.questions) }
  const isBounded = one.how?.strategy !== undefined && one.how.strategy !== 'stateful'
  if (isBounded) return { ...about, exploration: explore({ ...options, budget: given }, clock) }
  const all = explore({ ...options, budget: { ...given, timeMs: Math.ceil(given.timeMs * SHARE_OF_ALL) } }, clock)
  if (all.verdict !== 'unknown' || all.failure) return { ...about, exploration: all }
  const { strategy, traces, states, elapsedMs } = all
  const bound = { strategy: 'preemption-bounded', preemptions: PREEMPTIONS } as const
  const timeMs = Math.max(1, Math.floor(given.timeMs - elapsedMs))
  const exploration = explore({ ...options, ...bound, budget: { ...given, timeMs } }, clock)
  return { ...about, exploration, givenUp: { strategy, traces, states, elapsedMs } }
}

function namesOf(questions: Questions): CheckerName[] {
  return Object.keys(questions) as CheckerName[]
}
