import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { breakerSpecification } from '../shipped/breaker-specification.js'
import { markedCalls } from '../shipped/marked-calls.js'

const races: readonly {
  acts: string[]
  failures: number
  permitted: number
  waits: 'not' | 'for ever'
  deaths: number
  effort: Effort
}[] = [
  { acts: ['FF', 'FS'], failures: 2, permitted: 1, waits: 'for ever', deaths: 0, effort: 'quick' },
  { acts: ['FF', 'FF'], failures: 3, permitted: 1, waits: 'for ever', deaths: 0, effort: 'default' },
  { acts: ['FFFS', 'S'], failures: 3, permitted: 1, waits: 'for ever', deaths: 0, effort: 'quick' },
  { acts: ['FS', 'F'], failures: 1, permitted: 1, waits: 'not', deaths: 0, effort: 'default' },
  { acts: ['FS', 'SF'], failures: 1, permitted: 1, waits: 'not', deaths: 0, effort: 'deep' },
  { acts: ['FF', 'FS'], failures: 2, permitted: 1, waits: 'for ever', deaths: 1, effort: 'default' },
  { acts: ['F', 'F', 'S'], failures: 2, permitted: 1, waits: 'for ever', deaths: 0, effort: 'default' },
  { acts: ['FFS', 'SFF'], failures: 2, permitted: 2, waits: 'not', deaths: 0, effort: 'deep' },
]

const program: RacedProgram = {
  claim: 'Acquires and reports are linearizable: strict in state, epoch, permissions and in who trips.',

  cases: () =>
    races.map(({ acts, failures, permitted, waits, deaths, effort }): RacedCase => {
      const options = {
        slidingWindow: { type: 'consecutive', size: failures } as const,
        permittedNumberOfCallsInHalfOpenState: permitted,
        waitDurationInOpenStateMs: waits === 'not' ? 0 : 60_000,
      }
      const breaker = new BreakerProgram({ options, acts: acts.map(markedCalls), deaths })
      const dying = deaths > 0 ? '; one may die' : ''
      return {
        name: `${acts.join(' and ')}; opens after ${failures}, ${permitted} permitted, waits ${waits}${dying}`,
        effort,
        program: breaker.program,
        questions: { linearizability: { specification: breakerSpecification({ failures, permitted, waits }) } },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
