import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { conservation, legalTransitions } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { windows } from '../shipped/windows.js'

/** Two calls each; and, for those in a hurry, one each. */
const acts: Readonly<Record<string, (window: string) => Effort>> = {
  'F S F': (window) => (window === 'consecutive' ? 'quick' : 'default'),
  'FS SF FF': (window) => (window === 'consecutive' ? 'default' : 'deep'),
}

const program: RacedProgram = {
  claim:
    'Three threads with up to two calls each, over each window: every result is counted once, and every transition is legal.',

  cases: () =>
    Object.entries(windows).flatMap(([window, rules]) =>
      Object.entries(acts).map(([endings, effort]): RacedCase => {
        const breaker = new BreakerProgram({ options: rules, acts: endings.split(' ').map(calls) })
        return {
          name: `${window}, ${endings}`,
          effort: effort(window),
          program: breaker.program,
          questions: { 'legal-transitions': legalTransitions(breaker), conservation: conservation(breaker) },
          how: { nameOfCell: breaker.nameOfCell },
        }
      }),
    ),
}

export default program
