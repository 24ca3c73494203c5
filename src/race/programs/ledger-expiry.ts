import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { endOf, expires, type LedgerAct, spends } from '../shipped/ledger-acts.js'
import { LedgerProgram } from '../shipped/ledger-program.js'
import { LEDGER_START_MS, RESERVATION_MS } from '../shipped/ledger-time.js'
import { TIME_PASSED, waitUntil } from '../shipped/waiting.js'

/** Asks once the first one's reservation has run out. */
const afterExpiry = (amount: number, actual: number): LedgerAct => {
  const act: LedgerAct = ({ end, world: { clock } }) => {
    if (clock.nowMs() === LEDGER_START_MS) return TIME_PASSED
    const id = end.reserve(0, amount)
    return id === 0 ? 'refused' : endOf(end, id, actual)
  }
  return Object.assign(act, { actual })
}

/** Holds its reservation until it has run out, and settles it then. */
const late =
  (amount: number, actual: number): LedgerAct =>
  ({ end, world: { clock } }) => {
    if (clock.nowMs() !== LEDGER_START_MS) return TIME_PASSED
    const id = end.reserve(0, amount)
    waitUntil(clock, LEDGER_START_MS + RESERVATION_MS + 64)
    return endOf(end, id, actual)
  }

/** Holds it from the beginning, and never ends it. */
const forgets =
  (amount: number): LedgerAct =>
  ({ end, world: { clock } }) => {
    if (clock.nowMs() !== LEDGER_START_MS) return TIME_PASSED
    const became = endOf(end, end.reserve(0, amount), 'f')
    return clock.nowMs() === LEDGER_START_MS ? became : TIME_PASSED
  }

/** Ends the same reservation once more. */
const twice =
  (amount: number, actual: number): LedgerAct =>
  ({ end }) => {
    const id = end.reserve(0, amount)
    return `${endOf(end, id, actual)} ${endOf(end, id, 'r')}`
  }

const races: readonly { name: string; acts: readonly LedgerAct[]; deaths?: number; effort: Effort }[] = [
  {
    name: 'a late settlement, while another takes what has expired',
    acts: [late(60, 40), afterExpiry(60, 50)],
    effort: 'default',
  },
  { name: 'ended twice', acts: [twice(60, 40), spends(60, 20)], effort: 'default' },
  { name: 'a settlement at the moment that it expires', acts: [spends(60, 50), expires], effort: 'quick' },
  { name: 'a settlement as two see it expire', acts: [spends(60, 50), expires, expires], effort: 'default' },
  {
    name: 'one dies with it; another takes it after it expired',
    acts: [forgets(60), afterExpiry(60, 30)],
    deaths: 1,
    effort: 'default',
  },
  { name: 'two late ones and a third', acts: [late(40, 40), late(40, 10), afterExpiry(60, 60)], effort: 'deep' },
]

const program: RacedProgram = {
  claim:
    'What is reserved comes back once, when its time has passed; a settlement that is late is charged, and gives back nothing.',

  cases: () =>
    races.map(({ name, acts, deaths = 0, effort }): RacedCase => {
      const ledger = new LedgerProgram({ limits: [100], acts, deaths, ticksMs: [RESERVATION_MS + 64] })
      return {
        name,
        effort,
        program: ledger.program,
        questions: { ...ledger.questions, recovery: { check: expiredIsFree } },
        how: { nameOfCell: ledger.nameOfCell },
      }
    }),
}

/** Where one forgets all that there is, the next who asks after its time gets it. */
function expiredIsFree(_cells: unknown, returned: readonly unknown[]): void {
  if (returned.length === 2 && returned[0] === 'f' && returned[1] === 'refused') {
    throw new Error('its time has passed, and the next who asks is refused')
  }
}

export default program
