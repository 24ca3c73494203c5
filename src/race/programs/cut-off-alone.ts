import type { Circuit } from '../../breaker/circuit.js'
import { lifeOf, State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { conservation, legalTransitions } from '../shipped/breaker-questions.js'

/** Two threads must fail before all are cut off; one that fails alone is, and may probe at once. */
const options = {
  slidingWindow: { type: 'time', durationMs: 1000, buckets: 1 },
  minimumCalls: 1,
  failureRateThreshold: 1,
  quorum: 2,
  waitDurationInOpenStateMs: 0,
} as const

/** Not the first life, whose word could be taken for an empty cell. */
function reset(circuit: Circuit): void {
  circuit.change(Reason.reset, () => ({ state: State.closed }))
}

/** Fails, is cut off, and probes: the probe counts in the life that admitted it, and in no other. */
const probes =
  (control: () => number): BreakerAct =>
  ({ circuit }, _call, cells) => {
    if (!circuit.fail(circuit.tryAcquire())) return 'f'
    const permission = circuit.tryAcquire()
    if (permission === 0) return 'F-'
    const isProbe = circuit.calls.isProbe(permission)
    const life = circuit.calls.lifeOf(permission)
    const isOver = lifeOf(cells.load(control())) !== life
    const applied = circuit.succeed(permission)
    if (isOver && applied) throw new Error('a probe of a life that is over was applied')
    if (!applied && lifeOf(cells.load(control())) === life) throw new Error('a probe of the life in force was stale')
    return `F${isProbe ? 'P' : ''}${applied ? 'S' : 's'}`
  }

const resets: BreakerAct = ({ circuit }) => {
  reset(circuit)
  return ''
}

function cutOff(name: string, others: readonly BreakerAct[]): RacedCase {
  const acts = [probes(() => breaker.map.control), ...others]
  const breaker: BreakerProgram = new BreakerProgram({ options, acts, prepare: reset })
  return {
    name,
    effort: 'quick',
    program: breaker.program,
    questions: {
      assertion: {},
      'legal-transitions': legalTransitions(breaker, [State.closed]),
      conservation: conservation(breaker),
      ...(others.length === 0 ? { recovery: { check: (_cells, [became]) => expectBack(became) } } : {}),
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

function expectBack(became: unknown): void {
  if (became !== 'FPS') throw new Error(`alone, it fails, probes and is back; it went through ${became}`)
}

const program: RacedProgram = {
  claim: 'The probe of a thread that is cut off alone counts in the life that admitted it, and in no other.',
  cases: () => [cutOff('alone', []), cutOff('another resets the circuit meanwhile', [resets])],
}

export default program
