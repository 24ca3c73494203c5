import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { conservation, legalTransitions } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'
import { windows } from '../shipped/windows.js'

const forces: BreakerAct = ({ circuit }) => {
  circuit.change(Reason.manual, (state) => (state === State.forcedOpen ? undefined : { state: State.forcedOpen }))
  return ''
}

const resets: BreakerAct = ({ circuit }) => {
  circuit.change(Reason.reset, () => ({ state: State.closed }))
  return ''
}

/** What a person has set stays, whatever calls end meanwhile. */
function staysSet(breaker: BreakerProgram, ...states: readonly string[]): Question {
  return {
    check(cells) {
      const { state } = breaker.snapshot(cells)
      if (!states.includes(state)) throw new Error(`it ends ${state}; it must be ${states.join(' or ')}`)
    },
  }
}

const races: readonly { name: string; acts: BreakerAct[]; ends: string[]; effort: Effort }[] = [
  { name: 'forced open while calls fail', acts: [forces, calls('FFF')], ends: ['forced-open'], effort: 'quick' },
  {
    name: 'forced open while two threads fail',
    acts: [forces, calls('FF'), calls('FF')],
    ends: ['forced-open'],
    effort: 'default',
  },
  { name: 'reset while calls fail', acts: [resets, calls('FFFF')], ends: ['closed', 'open'], effort: 'quick' },
  {
    name: 'forced open and reset',
    acts: [forces, resets, calls('FF')],
    ends: ['forced-open', 'closed', 'open'],
    effort: 'default',
  },
]

/** The other windows take more steps a call, and so ten times the executions. */
function effortOf(effort: Effort, window: string, threads: number): Effort {
  if (threads < 3 || window === 'consecutive') return effort
  return effort === 'default' ? 'deep' : 'default'
}

const program: RacedProgram = {
  claim: 'A person forces the circuit open or resets it while calls fail: what was set is not undone by a late result.',

  cases: () =>
    Object.entries(windows).flatMap(([window, rules]) =>
      races.map(({ name, acts, ends, effort }): RacedCase => {
        const breaker = new BreakerProgram({ options: rules, acts })
        return {
          name: `${window}, ${name}`,
          effort: effortOf(effort, window, acts.length),
          program: breaker.program,
          questions: {
            'legal-transitions': legalTransitions(breaker, [State.forcedOpen, State.closed]),
            conservation: conservation(breaker),
            recovery: staysSet(breaker, ...ends),
          },
          how: { nameOfCell: breaker.nameOfCell },
        }
      }),
    ),
}

export default program
