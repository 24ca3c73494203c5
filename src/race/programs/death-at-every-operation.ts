import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { legalTransitions, recovery } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { windows } from '../shipped/windows.js'

const WAIT_MS = 100
/** Four calls each; and, for those in a hurry, fewer. */
const races: readonly { acts: string[]; effort: Effort }[] = [
  { acts: ['FF', 'F'], effort: 'quick' },
  { acts: ['FFFF', 'FFFF'], effort: 'default' },
  { acts: ['FSFS', 'SFSF'], effort: 'default' },
]

const program: RacedProgram = {
  claim:
    'One of two threads dies at any operation of its calls: the other goes on, and once its slot is given back the circuit recovers.',

  cases: () =>
    Object.entries(windows).flatMap(([window, rules]) =>
      races.map(({ acts, effort }): RacedCase => {
        const options = { ...rules, waitDurationInOpenStateMs: WAIT_MS, permittedNumberOfCallsInHalfOpenState: 2 }
        const breaker = new BreakerProgram({ options, acts: acts.map(calls), deaths: 1 })
        return {
          name: `${window}, ${acts.join(' and ')}`,
          effort,
          program: breaker.program,
          questions: { 'legal-transitions': legalTransitions(breaker), recovery: recovery(breaker, 4, WAIT_MS) },
          how: { nameOfCell: breaker.nameOfCell },
        }
      }),
    ),
}

export default program
