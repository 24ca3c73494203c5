import type { Circuit } from '../../breaker/circuit.js'
import { Reason } from '../../breaker/life/transition-log.js'
import type { Rules } from '../../breaker/options.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'
import { type BreakerAct, BreakerProgram } from '../shipped/breaker-program.js'
import { times } from '../shipped/breaker-questions.js'
import { windows } from '../shipped/windows.js'

/** An a asks, a digit ends the call of that number. Returns what became of each call: k kept, e ended, − refused. */
const steps =
  (script: string): BreakerAct =>
  ({ circuit }) => {
    const calls: number[] = []
    const became: string[] = []
    for (const step of script) {
      if (step === 'a') {
        const permission = circuit.tryAcquire()
        calls.push(permission)
        became.push(permission === 0 ? '-' : 'k')
      } else if (calls[Number(step)] !== 0) {
        circuit.succeed(calls[Number(step)] ?? 0)
        became[Number(step)] = 'e'
      }
    }
    return became.join('')
  }

function limit(circuit: Circuit, maxConcurrentCalls: number | undefined): void {
  circuit.change(Reason.reconfigured, (state, configuration) => ({
    state,
    configuration: { ...configuration, maxConcurrentCalls },
  }))
}

/** So many calls begin, and those of these numbers end, before the limit becomes another. */
const held =
  (asked: number, ended: readonly number[], lowered?: number) =>
  (circuit: Circuit): void => {
    const calls = Array.from({ length: asked }, () => circuit.tryAcquire())
    for (const call of ended) circuit.succeed(calls[call] ?? 0)
    if (lowered !== undefined) limit(circuit, lowered)
  }

/** A call that has no seat ends before there is a limit. */
const unlimitedBefore: BreakerAct = (end, call, cells) => {
  limit(end.circuit, undefined)
  const before = steps('a0')(end, call, cells)
  limit(end.circuit, 1)
  return `${before} ${steps('aa')(end, call, cells)}`
}

interface Race {
  readonly name: string
  readonly limit: number
  readonly acts: readonly BreakerAct[]
  readonly prepare?: (circuit: Circuit) => void
  /** Calls of the preparer's that are under way all the time. */
  readonly before?: number
  readonly deaths?: number
  readonly rules?: Rules
  /** What threads may come to. */
  readonly ends: readonly string[]
}

const ask = steps('a')

const races: readonly Race[] = [
  { name: 'one takes all, ends its first call, and asks again', limit: 2, acts: [steps('aaa0aa')], ends: ['ek-k-'] },
  {
    name: 'one seat is left for two',
    limit: 2,
    prepare: held(1, []),
    before: 1,
    acts: [steps('a0'), steps('a0')],
    ends: ['e e', 'e -', '- e'],
  },
  {
    name: 'the limit was lowered to a call that sits beyond it',
    limit: 2,
    prepare: held(2, [0], 1),
    before: 1,
    acts: [ask, ask],
    ends: ['- -'],
  },
  {
    name: 'the limit was lowered to one call more than sits beyond it',
    limit: 3,
    prepare: held(3, [0, 1], 2),
    before: 1,
    acts: [ask, ask],
    ends: ['k -', '- k', '- -'],
  },
  {
    name: 'one may die with its seat',
    limit: 2,
    acts: [steps('a0'), steps('aa0')],
    deaths: 1,
    ends: ['e ek', 'e e-', '- ek', 'dead ek', 'dead e-', 'e dead', '- dead'],
  },
  {
    name: 'there was no limit before',
    limit: 1,
    acts: [unlimitedBefore],
    rules: { ...windows.count, slowCallDurationThresholdMs: 50 },
    ends: ['e k-'],
  },
]

function seats(breaker: BreakerProgram, { before = 0, ends }: Race): Question {
  return {
    check(cells, returned) {
      const end = returned.map((became) => became ?? 'dead').join(' ')
      if (!ends.includes(end)) throw new Error(`it came to “${end}”; allowed: ${ends.join(', ')}`)
      const { seatsTaken } = breaker.snapshot(cells, returned)
      const underWay = before + times(returned.join(''), 'k')
      if (seatsTaken !== underWay) throw new Error(`${underWay} calls are under way, ${seatsTaken} seats are taken`)
    },
  }
}

const program: RacedProgram = {
  claim:
    'A call under way holds one seat, and nobody is refused who finds one free, nor admitted beyond a limit that was lowered.',

  cases: () =>
    races.map((race): RacedCase => {
      const { name, limit: maxConcurrentCalls, acts, prepare, deaths = 0, rules = windows.consecutive } = race
      const options = { ...rules, maxConcurrentCalls }
      const breaker = new BreakerProgram({ options, acts, deaths, ...(prepare ? { prepare } : {}) })
      return {
        name,
        effort: 'quick',
        program: breaker.program,
        questions: { conservation: seats(breaker, race) },
        how: { nameOfCell: breaker.nameOfCell },
      }
    }),
}

export default program
