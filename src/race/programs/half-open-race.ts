import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { BreakerProgram } from '../shipped/breaker-program.js'
import { admission, conservation, legalTransitions, recovery } from '../shipped/breaker-questions.js'
import { calls } from '../shipped/calls.js'

/** An open circuit whose wait is over as the threads come. */
function openAndOver(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.open, waitMs: 0 }))
}

/** The same, after a life whose probes were in vain: what they left lies where the next will be. */
function probedInVain(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
  circuit.fail(circuit.tryAcquire())
  circuit.change(Reason.manual, () => ({ state: State.forcedOpen }))
  openAndOver(circuit)
}

const races: readonly { acts: string[]; permitted: number; deaths: number; effort: Effort; again?: true }[] = [
  { acts: ['I', 'I', 'I'], permitted: 1, deaths: 0, effort: 'deep' },
  { acts: ['S', 'S'], permitted: 1, deaths: 0, effort: 'quick' },
  { acts: ['S', 'F'], permitted: 1, deaths: 0, effort: 'quick' },
  { acts: ['S', 'S'], permitted: 1, deaths: 0, effort: 'quick', again: true },
  { acts: ['SS', 'SF'], permitted: 2, deaths: 0, effort: 'default' },
  { acts: ['S', 'S', 'S'], permitted: 2, deaths: 0, effort: 'deep' },
  { acts: ['S', 'F', 'S'], permitted: 1, deaths: 0, effort: 'deep' },
  { acts: ['S', 'S'], permitted: 1, deaths: 1, effort: 'default' },
  { acts: ['SF', 'SS'], permitted: 2, deaths: 1, effort: 'deep' },
]

const program: RacedProgram = {
  claim:
    'Threads race the flip from open to half-open: no more probes than permitted, one verdict, and a dead prober is replaced.',

  cases: () =>
    races.map(({ acts, permitted, deaths, effort, again }): RacedCase => {
      const options = {
        slidingWindow: { type: 'consecutive', size: 9 } as const,
        waitDurationInOpenStateMs: 100,
        permittedNumberOfCallsInHalfOpenState: permitted,
      }
      const breaker = new BreakerProgram({
        options,
        acts: acts.map(calls),
        prepare: again ? probedInVain : openAndOver,
        deaths,
      })
      const released = acts.join('').includes('I')
      return {
        name: `${acts.join(', ')}; ${permitted} permitted${deaths > 0 ? '; one may die' : ''}${again ? '; for the second time' : ''}`,
        effort,
        program: breaker.program,
        questions: {
          'legal-transitions': legalTransitions(breaker),
          ...(released ? {} : { 'half-open-admission': admission(permitted) }),
          conservation: conservation(breaker),
          recovery: recovery(breaker, 4, 100),
        },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
