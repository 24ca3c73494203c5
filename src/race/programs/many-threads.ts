import type { RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { conservation, legalTransitions } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { windows } from '../shipped/windows.js'

const executions = { quick: 100, default: 2_000, deep: 10_000 }
/** Of the two, the one that is likelier to find something is the quick one. */
const effortsOf = { pct: ['quick', 'default', 'deep'], random: ['default', 'deep'] } as const

const program: RacedProgram = {
  claim:
    'Six threads with four calls each, which nobody can explore to the end: as many executions as there is time for, by two strategies.',

  cases: () =>
    Object.entries(windows).flatMap(([window, rules]) =>
      (['pct', 'random'] as const).flatMap((strategy) =>
        effortsOf[strategy].map((effort): RacedCase => {
          const breaker = new BreakerProgram({
            options: { ...rules, waitDurationInOpenStateMs: 10, permittedNumberOfCallsInHalfOpenState: 2 },
            acts: ['????', '????', 'FFFF', 'SFSF', '????', 'FIFS'].map(calls),
            random: [0.1, 0.9],
            ticksMs: [11, 11],
          })
          return {
            name: `${window}, ${executions[effort].toLocaleString('en-US')} executions by ${strategy}`,
            effort,
            program: breaker.program,
            questions: { 'legal-transitions': legalTransitions(breaker), conservation: conservation(breaker) },
            how: { strategy, depth: 4, budget: { executions: executions[effort] }, nameOfCell: breaker.nameOfCell },
          }
        }),
      ),
    ),
}

export default program
