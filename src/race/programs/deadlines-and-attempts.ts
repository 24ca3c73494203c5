import type { Circuit } from '../../breaker/circuit.js'
import { State, stateOf } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Rules } from '../../breaker/options.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram, START_MS } from '../shipped/breaker-program.js'
import { conservation, legalTransitions } from '../shipped/breaker-questions.js'
import { windows } from '../shipped/windows.js'

const WAIT_MS = 100
const RAMP_UP_MS = 80

/** Waits that grow, so that each attempt is told by its wait. */
const growing: Rules = {
  slidingWindow: { type: 'consecutive', size: 1 },
  permittedNumberOfCallsInHalfOpenState: 1,
  waitDurationInOpenStateMs: { initialMs: WAIT_MS, multiplier: 3, randomizationFactor: 0 },
}

function probesNow(circuit: Circuit): void {
  circuit.change(Reason.manual, () => ({ state: State.halfOpen }))
}

/** What is known of the circuit: its state, how many times in a row it opened, and how long it stays so from its beginning. */
function standing({ lifecycle }: Circuit): string {
  const { life, attempt, beganMs, retryAtMs } = lifecycle.life
  return `${stateOf(life)}: ${attempt}, ${retryAtMs - beganMs} ms`
}

/** Opens, probes in vain, probes again, recovers, and opens anew. */
const opensAndRecovers: BreakerAct = ({ circuit }) => {
  const seen: string[] = []
  const then = (act: () => void) => {
    act()
    seen.push(standing(circuit))
  }
  then(() => circuit.fail(circuit.tryAcquire()))
  then(() => probesNow(circuit))
  then(() => circuit.fail(circuit.tryAcquire()))
  then(() => probesNow(circuit))
  then(() => circuit.succeed(circuit.tryAcquire()))
  then(() => circuit.fail(circuit.tryAcquire()))
  return seen.join('; ')
}

const opened = (attempt: number, waitMs: number) => `${State.open}: ${attempt}, ${waitMs} ms`
const probing = (attempt: number) => `${State.halfOpen}: ${attempt}, 0 ms`
const EXPECTED = [
  opened(1, WAIT_MS),
  probing(1),
  opened(2, WAIT_MS * 3),
  probing(2),
  `${State.closed}: 0, 0 ms`,
  opened(1, WAIT_MS),
].join('; ')

const attemptsAreCounted: Question = {
  check(_cells, [seen]) {
    if (seen !== EXPECTED) throw new Error(`it went through ${seen}; due is ${EXPECTED}`)
  },
}

/** Fails again while it ramps up, or after: says when for certain. */
const failsInRampUp: BreakerAct = ({ circuit, world: { clock } }) => {
  circuit.fail(circuit.tryAcquire())
  probesNow(circuit)
  circuit.succeed(circuit.tryAcquire())
  const { attempt, retryAtMs } = circuit.lifecycle.life
  const before = clock.nowMs()
  circuit.fail(circuit.tryAcquire())
  const after = clock.nowMs()
  const again = circuit.lifecycle.life.attempt
  if (attempt !== 1) return `it ramps up as if it had opened ${attempt} times`
  if (before >= retryAtMs && again !== 1) return `recovered, it opens for the ${again}. time`
  if (after < retryAtMs && again !== 2) return `not yet recovered, it opens for the ${again}. time`
  return 'right'
}

const isRight: Question = {
  check(_cells, [said]) {
    if (said !== 'right') throw new Error(String(said))
  },
}

/** Asks until it is let through; each answer must be that of the time. */
const asksOnAndOn: BreakerAct = ({ circuit, world: { clock } }) => {
  const until = START_MS + WAIT_MS
  let became = ''
  for (let time = 0; time < 3; time++) {
    const before = clock.nowMs()
    const permission = circuit.tryAcquire()
    if (permission !== 0) {
      if (clock.nowMs() < until) throw new Error('let through before the wait is over')
      return `${became}P${circuit.succeed(permission) ? 'S' : 's'}`
    }
    if (before >= until) throw new Error(`refused ${before - until} ms after the wait`)
    became += '-'
  }
  return became
}

/** A snapshot says until when an open circuit refuses, and of no other. */
function saysUntilWhen(breaker: BreakerProgram): Question {
  return {
    check(cells) {
      const { state, retryAtMs } = breaker.snapshot(cells)
      const due = state === 'open' ? START_MS + WAIT_MS : undefined
      if (retryAtMs !== due) throw new Error(`${state}, it is said to let probes through at ${retryAtMs}, not ${due}`)
    },
  }
}

/** A failure before there are calls enough, and the success that makes them enough. */
const failsAndSucceeds: BreakerAct = ({ circuit }) => {
  circuit.fail(circuit.tryAcquire())
  circuit.succeed(circuit.tryAcquire())
  return stateOf(circuit.lifecycle.life.life) === State.open ? 'right' : 'half of its calls failed, and it is not open'
}

const program: RacedProgram = {
  claim: 'A circuit opens as many times in a row as it says, for as long as it says, and not a moment longer.',

  cases: () => [
    caseOf('opens, and recovers', { options: growing, acts: [opensAndRecovers] }, { conservation: attemptsAreCounted }),
    caseOf(
      'opens while it ramps up',
      {
        options: { ...growing, rampUp: { shares: [1], stepDurationMs: RAMP_UP_MS } },
        acts: [failsInRampUp],
        ticksMs: [RAMP_UP_MS],
      },
      { conservation: isRight },
    ),
    refusesUntil(),
    ...[windows.count, windows.time].map((options) =>
      caseOf(
        `a success that makes calls enough, ${options.slidingWindow.type}`,
        { options, acts: [failsAndSucceeds] },
        { conservation: isRight },
      ),
    ),
  ],
}

function refusesUntil(): RacedCase {
  const acts = [asksOnAndOn]
  const options = {
    ...windows.consecutive,
    waitDurationInOpenStateMs: WAIT_MS,
    permittedNumberOfCallsInHalfOpenState: 1,
  }
  const prepare = (circuit: Circuit) => circuit.change(Reason.manual, () => ({ state: State.open }))
  const breaker = new BreakerProgram({ options, acts, prepare, ticksMs: [WAIT_MS] })
  return {
    name: 'refuses until the wait is over',
    effort: 'quick',
    program: breaker.program,
    questions: {
      assertion: {},
      'legal-transitions': legalTransitions(breaker),
      conservation: conservation(breaker),
      recovery: saysUntilWhen(breaker),
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

function caseOf(
  name: string,
  setting: ConstructorParameters<typeof BreakerProgram>[0],
  questions: RacedCase['questions'],
): RacedCase {
  const { program: explored, nameOfCell } = new BreakerProgram(setting)
  return { name, effort: 'quick', program: explored, questions, how: { nameOfCell } }
}

export default program
