import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { endOf, type LedgerAct, spends } from '../shipped/ledger-acts.js'
import { LedgerProgram } from '../shipped/ledger-program.js'
import { PERIOD_MS } from '../shipped/ledger-time.js'

/** Spends in one period, and then asks in what may be the next. */
const onAndOn =
  (amount: number, actual: number): LedgerAct =>
  ({ end }) => {
    const first = endOf(end, end.reserve(0, amount), actual)
    return `${first} ${endOf(end, end.reserve(0, amount), actual)}`
  }

const looks: LedgerAct = ({ end }) => {
  end.change(0, () => true)
  return 'looked'
}

const races: readonly {
  name: string
  limits: readonly number[]
  buckets: number
  acts: readonly LedgerAct[]
  ticks?: number
  deaths?: number
  effort: Effort
}[] = [
  {
    name: 'settled before or after midnight',
    limits: [100],
    buckets: 1,
    acts: [spends(60, 50), looks],
    effort: 'quick',
  },
  {
    name: 'reserved in one day, settled in the next',
    limits: [100],
    buckets: 1,
    acts: [spends(60, 50), spends(60, 40)],
    effort: 'default',
  },
  { name: 'two days', limits: [100], buckets: 1, acts: [onAndOn(60, 50), looks], ticks: 2, effort: 'default' },
  {
    name: 'one may die over midnight',
    limits: [100],
    buckets: 1,
    acts: [spends(60, 50), spends(40, 40)],
    deaths: 1,
    effort: 'default',
  },
  {
    name: 'a window of two buckets',
    limits: [100],
    buckets: 2,
    acts: [onAndOn(60, 60), spends(40, 30)],
    ticks: 2,
    effort: 'default',
  },
  {
    name: 'a window of three buckets, over four',
    limits: [100],
    buckets: 3,
    acts: [onAndOn(60, 60), looks],
    ticks: 4,
    effort: 'default',
  },
]

const program: RacedProgram = {
  claim:
    'A new period forgets what was spent and nothing else: what is reserved stays committed in it, and is settled there.',

  cases: () =>
    races.map(({ name, limits, buckets, acts, ticks = 1, deaths = 0, effort }): RacedCase => {
      const ledger = new LedgerProgram({ limits, buckets, acts, deaths, ticksMs: new Array(ticks).fill(PERIOD_MS) })
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
