import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { legalTransitions } from '../shipped/breaker-questions.js'
import { waitForWord } from '../shipped/waiting.js'
import { windows } from '../shipped/windows.js'

/** A slow call: what becomes of its report, and whether it was a probe. */
const slow =
  (ending: 'F' | 'S' | 'I'): BreakerAct =>
  ({ circuit }) => {
    const permission = circuit.tryAcquire()
    if (permission === 0) return 'refused'
    const kind = circuit.calls.isProbe(permission) ? 'probe' : 'call'
    if (ending === 'I') return `${kind} ${circuit.release(permission)}`
    return `${kind} ${ending === 'F' ? circuit.fail(permission) : circuit.succeed(permission)}`
  }

/** Meanwhile the circuit opens, becomes half-open, and its one probe is under way. */
const flips: BreakerAct = ({ circuit }) => {
  circuit.change(Reason.manual, () => ({ state: State.open, waitMs: 0 }))
  const permission = circuit.tryAcquire()
  return permission !== 0 && circuit.calls.isProbe(permission) ? 'probe' : 'no probe'
}

/** The half-open life is decided by its probe alone. */
function decidedByItsProbe(breaker: BreakerProgram): Question {
  return {
    check(cells, [late, flipped]) {
      const { state } = breaker.snapshot(cells)
      if (flipped === 'probe' && state !== 'half-open') throw new Error(`its probe is under way, but it is ${state}`)
      if (flipped === 'probe' && String(late).startsWith('probe')) throw new Error('two probes were admitted')
    },
  }
}

/** A probe is under way while a person forces the circuit open, and reports after that. */
function probeOfAnEndedLife(): RacedCase {
  const [asked, forced] = [() => breaker.map.size, () => breaker.map.size + 1]
  const probes: BreakerAct = ({ circuit }, _call, cells) => {
    const permission = circuit.tryAcquire()
    cells.store(asked(), 1)
    waitForWord(cells, forced())
    return circuit.succeed(permission)
  }
  const forces: BreakerAct = ({ circuit }, _call, cells) => {
    waitForWord(cells, asked())
    circuit.change(Reason.manual, () => ({ state: State.forcedOpen }))
    cells.store(forced(), 1)
  }
  const breaker: BreakerProgram = new BreakerProgram({
    options: { ...windows.consecutive, permittedNumberOfCallsInHalfOpenState: 2 },
    acts: [probes, forces],
    prepare: (circuit) => circuit.change(Reason.manual, () => ({ state: State.halfOpen })),
    extraCells: 2,
  })
  return {
    name: 'a probe of a half-open life that was ended',
    effort: 'quick',
    program: breaker.program,
    questions: {
      'stale-results': {
        check(cells, [applied]) {
          const { total } = breaker.snapshot(cells)
          if (applied !== false || total.stale !== 1 || total.success !== 0)
            throw new Error('the report of a probe was applied, whose life was over')
        },
      },
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

const program: RacedProgram = {
  claim: 'A call begun while the circuit was closed ends in a later life: its result is stale, and decides nothing.',

  cases: () => [
    ...Object.entries(windows).flatMap(([window, rules]) =>
      (['F', 'S', 'I'] as const).map((ending): RacedCase => {
        const options = { ...rules, permittedNumberOfCallsInHalfOpenState: 1, waitDurationInOpenStateMs: 100 }
        const breaker = new BreakerProgram({ options, acts: [slow(ending), flips] })
        return {
          name: `${window}, a late ${{ F: 'failure', S: 'success', I: 'release' }[ending]}`,
          effort: 'quick',
          program: breaker.program,
          // A call that was released or failed as the probe has made room for the next.
          questions: {
            'legal-transitions': legalTransitions(breaker, [State.open]),
            ...(ending === 'S' ? { 'stale-results': decidedByItsProbe(breaker) } : {}),
          },
          how: { nameOfCell: breaker.nameOfCell },
        }
      }),
    ),
    probeOfAnEndedLife(),
  ],
}

export default program
