import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Cells } from '../../memory/cells.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'

/** A tag tells earlier from later over 4,096 lives: two stretches of these are more, one is less. */
const LIVES = 3_000

/** Moves an open circuit on by as many transitions as nobody has the time for. */
function passLives(circuit: Circuit, cells: Cells, control: number): void {
  const { lifecycle, words } = circuit
  const { life } = lifecycle.life
  const next = words.compose(State.open, words.sequenceOf(life) + LIVES, 0)
  lifecycle.log.write({ ...lifecycle.life, life: next, previous: life, retryAtMs: lifecycle.life.beganMs })
  cells.store(control, next)
}

const beginsByHand = (circuit: Circuit) => circuit.change(Reason.manual, () => ({ state: State.halfOpen }))

/** Who asks an open circuit whose wait is over begins a half-open life; the permission goes back at once. */
const beginsByItself = (circuit: Circuit) => circuit.release(circuit.tryAcquire())

/** A probe that succeeds, and one that never reports; then a half-open life; then one more, in which there must be room for two. */
const comesRound =
  (between: (circuit: Circuit) => void, control: () => number): BreakerAct =>
  ({ circuit }, _call, cells) => {
    beginsByHand(circuit)
    if (!circuit.succeed(circuit.tryAcquire()) || circuit.tryAcquire() === 0) return 'no probes'
    passLives(circuit, cells, control())
    between(circuit)
    passLives(circuit, cells, control())
    return circuit.tryAcquire() === 0 || circuit.tryAcquire() === 0 ? 'refused' : 'probes'
  }

function caseOf(name: string, between: (circuit: Circuit) => void): RacedCase {
  const options = { permittedNumberOfCallsInHalfOpenState: 2, leaseDurationMs: 60_000 }
  const acts = [comesRound(between, () => breaker.map.control)]
  const breaker: BreakerProgram = new BreakerProgram({ options, acts })
  return {
    name,
    effort: 'quick',
    program: breaker.program,
    questions: {
      recovery: {
        check(_cells, [answer]) {
          if (answer !== 'probes') throw new Error(`${answer}: the lease of a life long past is in the way`)
        },
      },
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

const program: RacedProgram = {
  claim: 'A lease that a half-open life has left is in no later one’s way, also when tags have come round meanwhile.',
  cases: () => [
    caseOf('a half-open life between that a person began', beginsByHand),
    caseOf('a half-open life between that began by itself', beginsByItself),
  ],
}

export default program
