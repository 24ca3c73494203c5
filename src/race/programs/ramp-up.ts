import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { conservation, times } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'

const SHARE = 0.5

/** A circuit that has just recovered, and so ramps up. */
function recovered(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
  circuit.succeed(circuit.tryAcquire())
}

/** Of all calls that ask, the share of the step goes, rounded up: not one more, over all threads. */
const sharedBudget: Question = {
  check(_cells, returned) {
    const all = returned.map(String).join('')
    const refused = times(all, '-')
    const admitted = all.length - refused
    const due = Math.ceil(all.length * SHARE)
    if (admitted !== due) throw new Error(`${admitted} of ${all.length} calls were admitted; the share is ${due}`)
  },
}

const races: readonly { acts: string[]; effort: Effort }[] = [
  { acts: ['SSSS'], effort: 'quick' },
  { acts: ['SS', 'SS'], effort: 'quick' },
  { acts: ['S', 'S', 'S'], effort: 'quick' },
  { acts: ['SS', 'S', 'SS'], effort: 'default' },
]

const program: RacedProgram = {
  claim: 'A circuit that ramps up admits its share of the calls of all threads, to the call.',

  cases: () =>
    races.map(({ acts, effort }): RacedCase => {
      const options = {
        slidingWindow: { type: 'time', durationMs: 1000, buckets: 2 } as const,
        minimumCalls: 10,
        permittedNumberOfCallsInHalfOpenState: 1,
        rampUp: { shares: [SHARE], stepDurationMs: 1000 },
      }
      const breaker = new BreakerProgram({ options, acts: acts.map(calls), prepare: recovered })
      return {
        name: acts.join(', '),
        effort,
        program: breaker.program,
        questions: { conservation: conservation(breaker), 'no-lost-update': sharedBudget },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
