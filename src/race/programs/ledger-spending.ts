import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { buries, type LedgerAct, spends } from '../shipped/ledger-acts.js'
import { LedgerProgram } from '../shipped/ledger-program.js'

/** One after the other, both of the same cost. */
const twice = (act: LedgerAct): LedgerAct => {
  const both: LedgerAct = (...side) => `${act(...side)} ${act(...side)}`
  return Object.assign(both, act.actual === undefined ? {} : { actual: act.actual })
}

const first =
  (one: LedgerAct, other: LedgerAct): LedgerAct =>
  (...side) =>
    `${one(...side)} ${other(...side)}`

interface Spending {
  readonly name: string
  readonly limits: readonly number[]
  readonly acts: readonly LedgerAct[]
  readonly deaths?: number
  readonly onDeath?: boolean
  readonly effort: Effort
}

const spendings: readonly Spending[] = [
  {
    name: 'two of which one fits; two budgets',
    limits: [100, 90],
    acts: [spends(60, 40), spends(60, 50)],
    effort: 'quick',
  },
  {
    name: 'one dies anywhere, and another finishes for it',
    limits: [100],
    acts: [spends(60, 40)],
    deaths: 1,
    onDeath: true,
    effort: 'quick',
  },
  {
    name: 'one forgets, and one may die',
    limits: [100, 100],
    acts: [spends(60, 'f'), spends(40, 30)],
    deaths: 1,
    effort: 'default',
  },
  {
    name: 'one gives back what the other needs',
    limits: [100],
    acts: [first(spends(60, 'r'), spends(50, 50)), spends(60, 20)],
    effort: 'default',
  },
  { name: 'more than was reserved', limits: [100, 200], acts: [spends(60, 90), spends(30, 50)], effort: 'default' },
  {
    name: 'both may die',
    limits: [100],
    acts: [spends(60, 40), spends(40, 30)],
    deaths: 2,
    effort: 'default',
  },
  {
    name: 'three, of whom two fit',
    limits: [100],
    acts: [spends(50, 40), spends(50, 'r'), spends(50, 20)],
    effort: 'default',
  },
  {
    name: 'either of two that spend twice may die',
    limits: [150, 150],
    acts: [twice(spends(60, 40)), spends(60, 30)],
    deaths: 1,
    effort: 'deep',
  },
  {
    name: 'one dies anywhere, and two finish for it',
    limits: [100],
    acts: [spends(60, 40), buries],
    deaths: 1,
    onDeath: true,
    effort: 'deep',
  },
  {
    name: 'one of two may die, the other finishes for it',
    limits: [100, 100],
    acts: [spends(60, 40), spends(40, 30)],
    deaths: 1,
    onDeath: true,
    effort: 'deep',
  },
  {
    name: 'three, two budgets, one may die',
    limits: [100, 100],
    acts: [spends(50, 40), spends(50, 50), spends(50, 'f')],
    deaths: 1,
    effort: 'deep',
  },
]

const program: RacedProgram = {
  claim: 'No budget is ever above its limit, and what is reserved is what reservations hold, whoever dies wherever.',

  cases: () =>
    spendings.map(({ name, effort, ...setting }): RacedCase => {
      const ledger = new LedgerProgram(setting)
      return {
        name,
        effort,
        program: ledger.program,
        questions: ledger.questions,
        how: { nameOfCell: ledger.nameOfCell },
      }
    }),
}

export default program
