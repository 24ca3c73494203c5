import { releaseEnded } from '../../breaker/admission/release.js'
import { cutOffUntilMs } from '../../breaker/admission/thread-standing.js'
import type { Circuit } from '../../breaker/circuit.js'
import { lifeOf, State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import { claimSlot } from '../../breaker/threads/thread-slots.js'
import type { Cells } from '../../memory/cells.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram, START_MS, threadIdOf } from '../shipped/breaker-program.js'
import { legalTransitions } from '../shipped/breaker-questions.js'
import { TIME_PASSED, waitForWord, waitUntil } from '../shipped/waiting.js'

/** The second wait ends in another half of the cells that hold a time, so that halves of two show. */
const WAIT_MS = 5_000
const SECOND_WAIT_MS = 5_000_000
const BACK_MS = START_MS + WAIT_MS
const BACK_AGAIN_MS = BACK_MS + SECOND_WAIT_MS

const options = {
  slidingWindow: { type: 'time', durationMs: 10_000_000, buckets: 1 },
  minimumCalls: 2,
  failureRateThreshold: 1,
  quorum: 2,
  waitDurationInOpenStateMs: {
    initialMs: WAIT_MS,
    multiplier: 1_000,
    maxMs: SECOND_WAIT_MS,
    randomizationFactor: 0,
  },
} as const

function failsAlone(circuit: Circuit): void {
  circuit.fail(circuit.tryAcquire())
  circuit.fail(circuit.tryAcquire())
}

/** What becomes of a call that asks: a admitted, p as the probe, − refused because its thread is cut off, else why. */
function asks(circuit: Circuit): { permission: number; became: string } {
  const permission = circuit.tryAcquire()
  if (permission === 0) {
    const { reason } = circuit.refusals.error
    return { permission, became: reason === 'thread-cut-off' ? '-' : reason }
  }
  return { permission, became: circuit.calls.isProbe(permission) ? 'p' : 'a' }
}

/** Is cut off, probes, gives the probe back, and comes back with the next. */
const comesBack: BreakerAct = ({ circuit, world: { clock } }) => {
  failsAlone(circuit)
  const early = asks(circuit)
  if (clock.nowMs() !== START_MS) return TIME_PASSED
  waitUntil(clock, BACK_MS)
  circuit.release(asks(circuit).permission)
  const probe = asks(circuit)
  const beside = asks(circuit)
  circuit.succeed(probe.permission)
  return [early, probe, beside, asks(circuit), asks(circuit)].map(({ became }) => became).join('')
}

const calls: BreakerAct = ({ circuit }) => {
  const { permission, became } = asks(circuit)
  circuit.succeed(permission)
  return became
}

const isCutOff: BreakerAct = ({ circuit }) => {
  failsAlone(circuit)
  return asks(circuit).became
}

/** Once more by its probe. */
const isCutOffTwice: BreakerAct = ({ circuit, world: { clock } }) => {
  failsAlone(circuit)
  if (clock.nowMs() !== START_MS) return TIME_PASSED
  waitUntil(clock, BACK_MS)
  const { permission, became } = asks(circuit)
  circuit.fail(permission)
  return became
}

interface Race {
  readonly name: string
  readonly ticksMs: readonly number[]
  readonly acts: (breaker: () => BreakerProgram) => readonly BreakerAct[]
  /** What the threads come to, in the order of their numbers; several where the order of their steps decides. */
  readonly ends: readonly unknown[][]
  /** Until when each thread is cut off in the end. */
  readonly cutOff: readonly (number | undefined)[]
}

function firstIsCutOffUntil(cells: Cells, { map }: BreakerProgram): number | undefined {
  return cutOffUntilMs(cells, map, 0, lifeOf(cells.load(map.control)))
}

const races: readonly Race[] = [
  {
    name: 'it comes back',
    ticksMs: [WAIT_MS],
    acts: () => [comesBack],
    ends: [['-p-aa']],
    cutOff: [undefined],
  },
  {
    name: 'another calls meanwhile',
    ticksMs: [],
    acts: () => [isCutOff, calls],
    ends: [['-', 'a']],
    cutOff: [BACK_MS, undefined],
  },
  {
    name: 'another reads until when',
    ticksMs: [WAIT_MS],
    acts: (breaker) => [isCutOffTwice, (_end, _call, cells) => firstIsCutOffUntil(cells, breaker()) ?? 'not'],
    ends: [
      ['p', 'not'],
      ['p', BACK_MS],
      ['p', BACK_AGAIN_MS],
    ],
    cutOff: [BACK_AGAIN_MS, undefined],
  },
  {
    name: 'the circuit is reset',
    ticksMs: [],
    acts: (breaker) => [
      ({ circuit }, _call, cells) => {
        failsAlone(circuit)
        cells.store(breaker().map.size, 1)
        waitForWord(cells, breaker().map.size + 1)
        return asks(circuit).became
      },
      ({ circuit }, _call, cells) => {
        waitForWord(cells, breaker().map.size)
        circuit.change(Reason.reset, () => ({ state: State.closed }))
        cells.store(breaker().map.size + 1, 1)
        return ''
      },
    ],
    ends: [['a', '']],
    cutOff: [undefined, undefined],
  },
  {
    name: 'it ends, and its slot has another thread',
    ticksMs: [],
    acts: (breaker) => [
      ({ circuit }, _call, cells) => {
        failsAlone(circuit)
        cells.store(breaker().map.size, 1)
        return ''
      },
      (_end, _call, cells) => {
        waitForWord(cells, breaker().map.size)
        releaseEnded(cells, breaker().map, threadIdOf(0))
        return claimSlot(cells, breaker().map, threadIdOf(2)).slot
      },
    ],
    ends: [['', 0]],
    cutOff: [undefined, undefined],
  },
]

function asDue(breaker: BreakerProgram, { ends, cutOff }: Race): Question {
  return {
    check(cells, returned) {
      if (returned.includes(TIME_PASSED)) return
      if (!ends.some((end) => end.every((became, thread) => became === returned[thread])))
        throw new Error(`it came to ${returned.join(', ')}; allowed: ${ends.map((end) => end.join(', ')).join(' or ')}`)
      const { state, threads } = breaker.snapshot(cells)
      if (state !== 'closed') throw new Error(`one thread failed alone, and it is ${state}`)
      for (const [thread, until] of cutOff.entries()) {
        const told = threads[thread]?.cutOffUntilMs
        if (told !== until)
          throw new Error(`thread ${thread} is said to be cut off until ${told}; it is until ${until}`)
      }
    },
  }
}

const program: RacedProgram = {
  claim:
    'A thread that fails alone is cut off alone until its probe succeeds, and others read until when: never half of it.',

  cases: () =>
    races.map((race): RacedCase => {
      const acts = race.acts(() => breaker)
      const breaker: BreakerProgram = new BreakerProgram({ options, acts, ticksMs: race.ticksMs, extraCells: 2 })
      return {
        name: race.name,
        effort: 'quick',
        program: breaker.program,
        questions: {
          'no-lost-update': asDue(breaker, race),
          'legal-transitions': legalTransitions(breaker, [State.closed]),
        },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
