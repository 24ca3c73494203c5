import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram, START_MS } from '../shipped/breaker-program.js'
import { legalTransitions } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { waitUntil } from '../shipped/waiting.js'

const LONGEST_MS = 100

function halfOpen(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
}

/** Asks, and says so if no time has passed meanwhile. */
const early: BreakerAct = ({ circuit, world: { clock } }) => {
  const permission = circuit.tryAcquire()
  if (clock.nowMs() !== START_MS) return 'late'
  return circuit.calls.isProbe(permission) ? 'probe' : 'no probe'
}

/** Asks once the half-open life has lasted as long as it may. */
const tooLate: BreakerAct = (end, call, cells) => {
  waitUntil(end.world.clock, START_MS + LONGEST_MS)
  return calls('S')(end, call, cells)
}

function givenUp(breaker: BreakerProgram, state: 'open' | 'closed'): Question {
  return {
    check(cells, [first, last]) {
      const due = state === 'open' ? '-' : 'S'
      if (last !== due) throw new Error(`who asks after the longest wait is told ${last}; it must be ${due}`)
      if (first === 'no probe') throw new Error('no probe was let through before the longest wait was over')
      const { state: ends, reason } = breaker.snapshot(cells)
      if (ends !== state || reason !== 'probes-undecided')
        throw new Error(`it ends ${ends} (${reason}); it must be ${state}, for its probes are undecided`)
    },
  }
}

const program: RacedProgram = {
  claim:
    'A half-open circuit that is undecided for as long as it may be changes as configured, for the next who asks; not sooner.',

  cases: () =>
    (['open', 'closed'] as const).map((state): RacedCase => {
      const options = {
        slidingWindow: { type: 'consecutive', size: 9 } as const,
        permittedNumberOfCallsInHalfOpenState: 2,
        maxWaitDurationInHalfOpenStateMs: LONGEST_MS,
        transitionToStateAfterWaitDuration: state,
        waitDurationInOpenStateMs: 60_000,
      }
      const breaker = new BreakerProgram({
        options,
        acts: [early, tooLate],
        prepare: halfOpen,
        ticksMs: [LONGEST_MS],
      })
      return {
        name: `then it is ${state}`,
        effort: 'quick',
        program: breaker.program,
        questions: {
          'legal-transitions': legalTransitions(breaker),
          recovery: givenUp(breaker, state),
        },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
