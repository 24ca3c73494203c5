import { releaseEnded } from '../../breaker/admission/release.js'
import type { Circuit } from '../../breaker/circuit.js'
import { State } from '../../breaker/life/control-word.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram, START_MS, threadIdOf } from '../shipped/breaker-program.js'
import { legalTransitions } from '../shipped/breaker-questions.js'
import { TIME_PASSED, waitForWord, waitUntil } from '../shipped/waiting.js'

/** A call is stalled after this to five quarters of it; a thread's ages reach twice as far back call by call. */
const AGE_MS = 100
const STALLED_MS = 1.25 * AGE_MS
const BEYOND_MS = 2 * AGE_MS

function resets(circuit: Circuit): void {
  circuit.change(Reason.reset, () => ({ state: State.closed }))
}

/**
 * At so many milliseconds after the start: an a asks, a digit ends the call of that number, an r resets the circuit. Returns what
 * became of those who asked: a admitted, − refused.
 */
const timed =
  (script: Readonly<Record<number, string>>): BreakerAct =>
  ({ circuit, world: { clock } }) => {
    const calls: number[] = []
    for (const [afterMs, steps] of Object.entries(script)) {
      const atMs = START_MS + Number(afterMs)
      waitUntil(clock, atMs)
      for (const step of steps) {
        if (step === 'a') calls.push(circuit.tryAcquire())
        else if (step === 'r') resets(circuit)
        else circuit.succeed(calls[Number(step)] ?? 0)
      }
      if (clock.nowMs() !== atMs) return TIME_PASSED
    }
    return calls.map((permission) => (permission === 0 ? '-' : 'a')).join('')
  }

interface Race {
  readonly name: string
  /** So many stalled calls open the circuit. */
  readonly count: number
  readonly script: Readonly<Record<number, string>>
  readonly ends: string
}

const alone: readonly Race[] = [
  {
    name: 'one hangs, another does not',
    count: 1,
    script: { 0: 'a', [AGE_MS]: 'a1', [STALLED_MS]: 'a' },
    ends: 'aa-',
  },
  { name: 'two are under way, and young', count: 1, script: { 0: 'aa', [AGE_MS]: 'a' }, ends: 'aaa' },
  { name: 'it has ended', count: 1, script: { 0: 'a0', [STALLED_MS]: 'a' }, ends: 'aa' },
  {
    name: 'as many hang, one of them since before the ages reach',
    count: 2,
    script: { 0: 'a', [BEYOND_MS]: 'a', [BEYOND_MS + STALLED_MS]: 'a' },
    ends: 'aa-',
  },
  {
    name: 'one less hangs, one of them since before the ages reach',
    count: 3,
    script: { 0: 'a', [BEYOND_MS]: 'a', [BEYOND_MS + STALLED_MS]: 'a' },
    ends: 'aaa',
  },
  {
    name: 'one that began before the ages reach has ended',
    count: 2,
    script: { 0: 'a', [BEYOND_MS]: 'a0', [BEYOND_MS + STALLED_MS]: 'a' },
    ends: 'aaa',
  },
  {
    name: 'one ends that began in an earlier life',
    count: 1,
    script: { 0: 'ara0', [STALLED_MS]: 'a' },
    ends: 'aa-',
  },
  {
    name: 'one hangs, and one of an earlier life since before the ages reach',
    count: 2,
    script: { 0: 'a', [BEYOND_MS]: 'ara', [BEYOND_MS + STALLED_MS]: 'a' },
    ends: 'aaaa',
  },
]

/** What becomes of the other's circuit or thread, with a call under way, and what the next who asks is told for it. */
const together: readonly { name: string; meanwhile: (circuit: Circuit, bury: () => void) => void; ends: string }[] = [
  { name: 'another’s call hangs', meanwhile: () => undefined, ends: '-' },
  { name: 'another’s call hangs since an earlier life', meanwhile: resets, ends: 'a' },
  { name: 'another’s call hung, and its thread has ended', meanwhile: (_circuit, bury) => bury(), ends: 'a' },
]

function breakerOf(count: number, acts: readonly BreakerAct[], ticksMs: readonly number[]): BreakerProgram {
  const options = {
    slidingWindow: { type: 'consecutive', size: 9 } as const,
    waitDurationInOpenStateMs: 60_000,
    stalledCalls: { ageMs: AGE_MS, count },
  }
  return new BreakerProgram({ options, acts, ticksMs, extraCells: 1 })
}

function asDue(breaker: BreakerProgram, ends: string): Question {
  return {
    check(cells, returned) {
      const became = returned.at(-1)
      if (became === TIME_PASSED) return
      if (became !== ends) throw new Error(`its calls came to ${became}; it must be ${ends}`)
      const { state } = breaker.snapshot(cells)
      const due = ends.endsWith('-') ? 'open' : 'closed'
      if (state !== due) throw new Error(`it is ${state}; it must be ${due}`)
    },
  }
}

function caseOf(name: string, breaker: BreakerProgram, ends: string): RacedCase {
  return {
    name,
    effort: 'quick',
    program: breaker.program,
    questions: {
      'no-lost-update': asDue(breaker, ends),
      'legal-transitions': legalTransitions(breaker, [State.closed]),
    },
    how: { nameOfCell: breaker.nameOfCell },
  }
}

const program: RacedProgram = {
  claim:
    'Calls that hang open the circuit as soon as there are so many, in whichever threads; those that ended do not.',

  cases: () => [
    ...alone.map(({ name, count, script, ends }): RacedCase => {
      const times = Object.keys(script).map(Number)
      const ticksMs = times.slice(1).map((atMs, before) => atMs - (times[before] ?? 0))
      return caseOf(name, breakerOf(count, [timed(script)], ticksMs), ends)
    }),
    ...together.map(({ name, meanwhile, ends }): RacedCase => {
      const told = () => breaker.map.size
      const hangs: BreakerAct = ({ circuit, world: { clock } }, _call, cells) => {
        circuit.tryAcquire()
        cells.store(told(), clock.nowMs())
        return ''
      }
      const asks: BreakerAct = ({ circuit, world: { clock } }, _call, cells) => {
        waitForWord(cells, told())
        if (cells.load(told()) !== START_MS) return TIME_PASSED
        meanwhile(circuit, () => releaseEnded(cells, breaker.map, threadIdOf(0)))
        waitUntil(clock, START_MS + STALLED_MS)
        return circuit.tryAcquire() === 0 ? '-' : 'a'
      }
      const breaker: BreakerProgram = breakerOf(1, [hangs, asks], [STALLED_MS])
      return caseOf(name, breaker, ends)
    }),
  ],
}

export default program
