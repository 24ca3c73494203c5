import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import { resolveRules } from '../../breaker/resolve-options.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'

const rules = { slidingWindow: { type: 'consecutive', size: 2 }, permittedNumberOfCallsInHalfOpenState: 1 } as const
/** The epoch in which all probes are out before anything begins. */
const FIRST = 1

/** Other rules, and so another half-open life. */
const reconfigures: BreakerAct = ({ circuit }) => {
  const configuration = resolveRules({ ...rules, leaseDurationMs: 5 })
  circuit.change(Reason.reconfigured, (state) => ({ state, configuration }))
}

/** A call that does not end; returns the epoch of its permission. */
const asks: BreakerAct = ({ circuit }) => {
  const permission = circuit.tryAcquire()
  return permission === 0 ? 'refused' : circuit.words.sequenceOf(circuit.calls.lifeOf(permission))
}

const asManyAsPermitted: Question = {
  check(_cells, [, ...epochs]) {
    if (epochs.includes(FIRST)) throw new Error('a second probe of one life was admitted; permitted: 1')
    if (epochs.filter((epoch) => epoch === FIRST + 1).length > 1)
      throw new Error('two probes of the next life were admitted')
  },
}

const races: readonly { name: string; asking: number; deaths: number; effort: Effort }[] = [
  { name: 'one asks', asking: 1, deaths: 0, effort: 'quick' },
  { name: 'one asks; one of the two may die', asking: 1, deaths: 1, effort: 'quick' },
  { name: 'two ask', asking: 2, deaths: 0, effort: 'default' },
]

const program: RacedProgram = {
  claim:
    'The rules change while the circuit is half-open: each of the two lives lets no more probes through than it may.',

  cases: () =>
    races.map(({ name, asking, deaths, effort }): RacedCase => {
      const breaker = new BreakerProgram({
        options: rules,
        acts: [reconfigures, ...new Array<BreakerAct>(asking).fill(asks)],
        prepare: (circuit) => {
          circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
          circuit.tryAcquire()
        },
        deaths,
      })
      return {
        name,
        effort,
        program: breaker.program,
        questions: { 'half-open-admission': asManyAsPermitted },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
