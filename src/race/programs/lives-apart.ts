import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Rules } from '../../breaker/options.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { legalTransitions } from '../shipped/breaker-questions.js'

/** Opens after two failures, of two calls. */
const rules: Readonly<Record<string, Rules>> = {
  consecutive: { slidingWindow: { type: 'consecutive', size: 2 } },
  count: { slidingWindow: { type: 'count', size: 2 }, minimumCalls: 2, failureRateThreshold: 1 },
  time: { slidingWindow: { type: 'time', durationMs: 1000, buckets: 2 }, minimumCalls: 2, failureRateThreshold: 1 },
}

/** One failure has been recorded, so a success has something to look at. */
function failedOnce(circuit: Circuit): void {
  circuit.fail(circuit.tryAcquire())
}

/** A call that may have begun in the life before. */
const slow =
  (ending: 'S' | 'F'): BreakerAct =>
  ({ circuit }) => {
    const permission = circuit.tryAcquire()
    if (permission === 0) return 'refused'
    const epoch = circuit.words.sequenceOf(permission)
    if (ending === 'S') circuit.succeed(permission)
    else circuit.fail(permission)
    return epoch
  }

/** A life of its own, in which two calls fail. */
const resetsAndFails: BreakerAct = ({ circuit }) => {
  circuit.change(Reason.reset, () => ({ state: State.closed }))
  let failed = 0
  for (let call = 0; call < 2; call++) {
    const permission = circuit.tryAcquire()
    if (permission !== 0 && circuit.fail(permission)) failed += 1
  }
  return failed
}

function decidedByItsOwn(breaker: BreakerProgram): Question {
  return {
    check(cells, [epoch, failed]) {
      // A call of the new life counts in it, as it should.
      if (epoch !== 0 || failed !== 2) return
      const { state } = breaker.snapshot(cells)
      if (state !== 'open') throw new Error(`two calls of this life failed, none succeeded, and it is ${state}`)
    },
  }
}

const program: RacedProgram = {
  claim: 'A result of an earlier life neither hides nor adds to what was recorded in this one.',

  cases: () =>
    Object.entries(rules).flatMap(([window, options]) =>
      (['S', 'F'] as const).map((ending): RacedCase => {
        const breaker = new BreakerProgram({ options, acts: [slow(ending), resetsAndFails], prepare: failedOnce })
        return {
          name: `${window}, a late ${ending === 'S' ? 'success' : 'failure'}`,
          effort: 'quick',
          program: breaker.program,
          questions: {
            'stale-results': decidedByItsOwn(breaker),
            'legal-transitions': legalTransitions(breaker, [State.closed]),
          },
          how: { nameOfCell: breaker.nameOfCell },
        }
      }),
    ),
}

export default program
