import { METER_BUCKETS, RateMeter } from '../../budget/rules/rate-meter.js'
import { LifeField, RuleLife } from '../../budget/rules/rule-life.js'
import { throttleOf } from '../../budget/rules/throttling.js'
import type { Body, Program } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'
import type { Question } from '../question.js'
import type { RacedCase, RacedProgram } from '../raced-program.js'

const NOW_MS = 10_000_000
const COOLDOWN_MS = 1000
const RECOVERY_MS = 500

/** Each part of a rule is explored alone, at cell 0. */
type Act = Body<unknown>

const share =
  (factor: number, times: number): Act =>
  (cells) => {
    const ask = throttleOf(cells, 0, { kind: 'token-bucket', factor })
    return Array.from({ length: times }, () => (ask(NOW_MS) === undefined ? '-' : 'g')).join('')
  }

/** Of the calls of all threads exactly the share goes; of one that died in its step, it may be missing. */
function shared(factor: number, calls: number): Question {
  return {
    check(_cells, returned) {
      if (returned.includes(undefined)) return
      const going = returned.join('').split('g').length - 1
      const due = Math.ceil(calls * factor)
      if (going !== due) throw new Error(`${going} of ${calls} calls went; the share is ${due}`)
    },
  }
}

const INTERVAL_MS = 100
const takesPlace: Act = (cells) =>
  throttleOf(cells, 0, { kind: 'delay', intervalMs: INTERVAL_MS, maxDelayMs: INTERVAL_MS })(NOW_MS)

const inTurn: Question = {
  check(_cells, returned) {
    const places = returned.map((delayMs) => delayMs ?? 'refused').toSorted()
    if (places.join() !== `0,${INTERVAL_MS},refused`) throw new Error(`three calls were to wait for ${places.join()}`)
  },
}

const life = (cells: Cells, recoveryMs = RECOVERY_MS) => new RuleLife(cells, 0, COOLDOWN_MS, recoveryMs)
const mayAlert: Act = (cells) => (life(cells).mayAlert(NOW_MS) ? 'raises' : 'is silent')
const seesUse =
  (reached: boolean, below: boolean, recoveryMs?: number): Act =>
  (cells) => {
    const inForce = life(cells, recoveryMs).isInForce(reached, below, NOW_MS)
    if (reached && !inForce) throw new Error('the threshold is reached, and the rule is not in force')
    return inForce
  }
const fires = seesUse(true, false)
const seesItBelow = seesUse(false, true, 0)

const staysInForce: Question = {
  check(cells, [fired]) {
    if (fired === true && cells.load64(LifeField.state) === 0n) throw new Error('a rule that has just fired is over')
  },
}
const oneAlert: Question = {
  check(_cells, returned) {
    const raised = returned.filter((result) => result === 'raises').length
    const isOneDead = returned.includes(undefined)
    if (raised !== 1 && !(raised === 0 && isOneDead)) throw new Error(`${raised} alerts in one cooldown`)
  },
}

const WINDOW_MS = 12_000
const meter = (cells: Cells) => new RateMeter(cells, 0, WINDOW_MS)
const records =
  (amount: number): Act =>
  (cells) => {
    meter(cells).record(amount, NOW_MS)
    return amount
  }
const reads: Act = (cells) => {
  const sum = meter(cells).sum(NOW_MS)
  if (![0, 3, 5, 8].includes(sum)) throw new Error(`${sum} spent, of 3 and 5`)
}
const summed: Question = {
  check(cells, returned) {
    const sum = meter(cells).sum(NOW_MS)
    const [one = sum - 5, other = sum - 3] = returned as (number | undefined)[]
    const allowed = returned.slice(0, 2).includes(undefined) ? [0, 3, 5, 8] : [one + other]
    if (!allowed.includes(sum)) throw new Error(`${sum} spent; allowed: ${allowed.join(', ')}`)
  },
}

interface Race {
  readonly name: string
  readonly acts: readonly Act[]
  readonly questions: RacedCase['questions']
  readonly deaths?: number
  readonly before?: (cells: Cells) => void
}

const races: readonly Race[] = [
  {
    name: 'half of four calls goes',
    acts: [share(0.5, 2), share(0.5, 2)],
    questions: { conservation: shared(0.5, 4) },
  },
  {
    name: 'three tenths of three calls go',
    acts: [share(0.3, 1), share(0.3, 1), share(0.3, 1)],
    questions: { conservation: shared(0.3, 3) },
  },
  {
    name: 'three ask for a place, of which there are two',
    acts: [takesPlace, takesPlace, takesPlace],
    questions: { conservation: inTurn },
  },
  {
    name: 'one fires as another sees use below, in the cooldown',
    acts: [fires, seesItBelow, seesItBelow],
    questions: { conservation: staysInForce, assertion: {} },
  },
  {
    name: 'one fires as another would end what was to end by now',
    acts: [fires, seesUse(false, true), seesUse(false, true)],
    questions: { conservation: staysInForce, assertion: {} },
    before: (cells) => cells.store64(LifeField.state, BigInt(NOW_MS)),
  },
  {
    name: 'three would raise an alert; one may die',
    acts: [mayAlert, mayAlert, mayAlert],
    questions: { conservation: oneAlert },
    deaths: 1,
  },
  {
    name: 'two record a cost over that of an earlier lap, one reads; one may die',
    acts: [records(3), records(5), reads],
    questions: { conservation: summed, assertion: {} },
    before: (cells) => meter(cells).record(7, NOW_MS - WINDOW_MS),
    deaths: 1,
  },
]

function programOf({ acts, before, deaths = 0 }: Race): Program<unknown> {
  return {
    cells: 2 * METER_BUCKETS,
    threads: acts,
    setup: (cells) => {
      before?.(cells)
      return () => undefined
    },
    deaths,
  }
}

const program: RacedProgram = {
  claim:
    'Throttles let their share through over all threads, rules end no sooner than they may, and costs are counted once.',

  cases: () =>
    races.map((race): RacedCase => {
      const { name, questions } = race
      return { name, effort: 'quick', program: programOf(race), questions }
    }),
}

export default program
