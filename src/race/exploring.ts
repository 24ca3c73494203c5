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
}

/** Which cases of a program are worth so much effort. */
export function casesFor({ cases }: RacedProgram, effort: Effort): number[] {
  return [...cases().entries()]
    .filter(([, one]) => efforts.indexOf(one.effort) <= efforts.indexOf(effort))
    .map(([index]) => index)
}

export function exploreCase(
  program: string,
  index: number,
  one: RacedCase,
  budget: ExploreBudget,
  clock: Clock = monotonicClock,
): Explored {
  const options = { ...one.program, ...one.how, ...together(one.questions) }
  const exploration = explore({ ...options, budget: { ...budget, ...one.how?.budget } }, clock)
  return { program, index, case: one.name, checkers: namesOf(one.questions), exploration }
}

function namesOf(questions: Questions): CheckerName[] {
  return Object.keys(questions) as CheckerName[]
}
