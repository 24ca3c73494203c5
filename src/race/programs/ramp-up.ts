import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram, START_MS } from '../shipped/breaker-program.js'
import { conservation, legalTransitions, times } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { TIME_PASSED, waitUntil } from '../shipped/waiting.js'

const SHARE = 0.5
const STEP_MS = 1000

/** A circuit that has just recovered by so many probes, and so ramps up. */
const recovered =
  (probes: number) =>
  (circuit: Circuit): void => {
    circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
    const permissions = Array.from({ length: probes }, () => circuit.tryAcquire())
    for (const permission of permissions) circuit.succeed(permission)
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

/** Two failures open it if it is judged as one that ramps up, by few calls, and not if it has recovered. */
function judged(name: string, afterMs: readonly number[], state: 'open' | 'closed'): RacedCase {
  const fails: BreakerAct = ({ circuit, world: { clock } }) => {
    for (const ms of afterMs) {
      waitUntil(clock, START_MS + ms)
      const permission = circuit.tryAcquire()
      if (permission !== 0) circuit.fail(permission)
      if (clock.nowMs() !== START_MS + ms) return TIME_PASSED
    }
    return 'failed'
  }
  const breaker = breakerOf([fails], 2, [STEP_MS])
  return {
    name,
    effort: 'quick',
    program: breaker.program,
    questions: {
      'legal-transitions': legalTransitions(breaker),
      'no-lost-update': {
        check(cells, [result]) {
          const { state: ends } = breaker.snapshot(cells)
          if (result !== TIME_PASSED && ends !== state) throw new Error(`after two failures it is ${ends}`)
        },
      },
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

function breakerOf(acts: readonly BreakerAct[], permitted = 1, ticksMs: readonly number[] = []): BreakerProgram {
  const options = {
    slidingWindow: { type: 'time', durationMs: 10 * STEP_MS, buckets: 2 } as const,
    minimumCalls: 10,
    permittedNumberOfCallsInHalfOpenState: permitted,
    rampUp: { shares: [SHARE], stepDurationMs: STEP_MS },
  }
  return new BreakerProgram({ options, acts, prepare: recovered(permitted), ticksMs })
}

const program: RacedProgram = {
  claim:
    'A circuit that ramps up admits its share of the calls of all threads, to the call, and is judged by few of them.',

  cases: () => [
    ...races.map(({ acts, effort }): RacedCase => {
      const breaker = breakerOf(acts.map(calls))
      return {
        name: acts.join(', '),
        effort,
        program: breaker.program,
        questions: { conservation: conservation(breaker), 'no-lost-update': sharedBudget },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
    // Of three that ask, the share lets two go.
    judged('two calls fail while it ramps up', [0, 0, 0], 'open'),
    judged('one fails while it does, one as soon as it does not any more', [0, STEP_MS], 'closed'),
  ],
}

export default program
