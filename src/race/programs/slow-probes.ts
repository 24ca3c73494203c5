import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { legalTransitions } from '../shipped/breaker-questions.js'

const SLOW_MS = 50

function halfOpen(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
}

/** A probe that succeeds: says whether it was slow for certain, quick for certain, or something between. */
const probes: BreakerAct = ({ circuit, world: { clock } }) => {
  const asked = clock.nowMs()
  const permission = circuit.tryAcquire()
  if (permission === 0 || !circuit.calls.isProbe(permission)) return 'no probe'
  const given = clock.nowMs()
  const ends = clock.nowMs()
  const applied = circuit.succeed(permission)
  if (!applied) return 'stale'
  if (ends - given >= SLOW_MS) return 'slow'
  return clock.nowMs() === asked ? 'quick' : 'either'
}

/** Slow probes re-open it, quick ones close it. */
function decidedByTime(breaker: BreakerProgram): Question {
  return {
    check(cells, [result]) {
      const { state, reason, total } = breaker.snapshot(cells)
      const due = { slow: 'open: probes-failed', quick: 'closed: probes-succeeded' }[String(result)]
      const ends = `${state}: ${reason}`
      if (due !== undefined && ends !== due) throw new Error(`its probe was ${result}, and it is ${ends}`)
      if (due !== undefined && total.slow !== Number(result === 'slow'))
        throw new Error(`${total.slow} calls are counted as slow`)
    },
  }
}

const races: readonly { name: string; ticks: number; effort: Effort }[] = [
  { name: 'time may pass once', ticks: 1, effort: 'quick' },
  { name: 'time may pass twice', ticks: 2, effort: 'quick' },
]

const program: RacedProgram = {
  claim: 'A half-open circuit tells slow probes from quick ones, whenever time passes.',

  cases: () =>
    races.map(({ name, ticks, effort }): RacedCase => {
      const options = {
        slidingWindow: { type: 'count', size: 4 } as const,
        minimumCalls: 2,
        slowCallDurationThresholdMs: SLOW_MS,
        slowCallRateThreshold: 1,
        permittedNumberOfCallsInHalfOpenState: 1,
        waitDurationInOpenStateMs: 1000,
      }
      const ticksMs = new Array(ticks).fill(SLOW_MS)
      const breaker = new BreakerProgram({ options, acts: [probes], prepare: halfOpen, ticksMs })
      return {
        name,
        effort,
        program: breaker.program,
        questions: { 'legal-transitions': legalTransitions(breaker), conservation: decidedByTime(breaker) },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
