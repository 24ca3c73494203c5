import type { RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { legalTransitions, recovery } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { windows } from '../shipped/windows.js'

const WAIT_MS = 100

const program: RacedProgram = {
  claim:
    'One of two threads dies at any operation of its four calls: the other goes on, and once its slot is given back the circuit recovers.',

  cases: () =>
    Object.entries(windows).flatMap(([window, rules]) =>
      [
        ['FFFF', 'FFFF'],
        ['FSFS', 'SFSF'],
      ].map((acts): RacedCase => {
        const options = { ...rules, waitDurationInOpenStateMs: WAIT_MS, permittedNumberOfCallsInHalfOpenState: 2 }
        const breaker = new BreakerProgram({ options, acts: acts.map(calls), deaths: 1 })
        return {
          name: `${window}, ${acts.join(' and ')}`,
          // The shortest of them; the others take ten times as long.
          effort: window === 'time' && acts[0] === 'FFFF' ? 'quick' : 'default',
          program: breaker.program,
          questions: { 'legal-transitions': legalTransitions(breaker), recovery: recovery(breaker, 4, WAIT_MS) },
          how: { nameOfCell: breaker.nameOfCell },
        }
      }),
    ),
}

export default program
