import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { buries, ends, expires, type LedgerAct, spends } from '../shipped/ledger-acts.js'
import { LedgerProgram } from '../shipped/ledger-program.js'
import { RESERVATION_MS } from '../shipped/ledger-time.js'

/** Reserves, and goes on holding it. */
const reserves = (amount: number): LedgerAct => spends(amount, 'f')

interface Setting {
  readonly name: string
  readonly limits?: readonly number[]
  /** Amounts that are reserved as the threads begin. */
  readonly reserved?: readonly number[]
  readonly acts: readonly LedgerAct[]
  readonly time?: boolean
  readonly deaths?: number
  readonly onDeath?: boolean
  readonly takenOver?: number
  readonly effort: Effort
}

/**
 * One thing that each thread does, whichever dies at whichever operation: all that one or two changes of an account can do to another. What whole
 * calls of three threads come to is more than can be explored in minutes (`ledger-spending`).
 */
const settings: readonly Setting[] = [
  {
    name: 'one settles, one reserves what comes back',
    reserved: [60],
    acts: [ends(0, 50), reserves(50)],
    effort: 'quick',
  },
  { name: 'two end the same', reserved: [60], acts: [ends(0, 50), ends(0, 'r')], onDeath: true, effort: 'default' },
  { name: 'three reserve, of whom two fit', acts: [reserves(50), reserves(50), reserves(50)], effort: 'default' },
  {
    name: 'one settles, one releases, one reserves what comes back',
    reserved: [40, 40],
    acts: [ends(0, 30), ends(1, 'r'), reserves(60)],
    deaths: 0,
    effort: 'default',
  },
  {
    name: 'one settles, one releases, one reserves what comes back',
    reserved: [40, 40],
    acts: [ends(0, 30), ends(1, 'r'), reserves(60)],
    effort: 'deep',
  },
  {
    name: 'three end what was reserved, one for more than it was',
    reserved: [30, 30, 40],
    acts: [ends(0, 20), ends(1, 'r'), ends(2, 60)],
    effort: 'deep',
  },
  {
    name: 'two end the same, one reserves',
    reserved: [60],
    acts: [ends(0, 50), ends(0, 'r'), reserves(50)],
    effort: 'deep',
  },
  {
    name: 'one settles as it expires, one reserves',
    reserved: [60],
    acts: [ends(0, 50), expires, reserves(60)],
    time: true,
    effort: 'deep',
  },
  {
    name: 'another finishes for whom dies, as one goes on',
    reserved: [40],
    acts: [ends(0, 30), reserves(60)],
    onDeath: true,
    effort: 'default',
  },
  { name: 'two finish for whom dies as it reserves', acts: [reserves(60), buries], onDeath: true, effort: 'default' },
  {
    name: 'two finish for whom dies as it settles',
    reserved: [60],
    acts: [ends(0, 50), buries],
    onDeath: true,
    effort: 'default',
  },
  {
    name: 'two finish for whom dies as it reserves, and a third takes its slot',
    acts: [reserves(60), buries],
    onDeath: true,
    takenOver: 30,
    effort: 'default',
  },
  {
    name: 'two finish for whom dies as it spends, and a third takes its slot',
    limits: [100],
    acts: [spends(60, 50), buries],
    onDeath: true,
    takenOver: 30,
    effort: 'default',
  },
]

const program: RacedProgram = {
  claim:
    'Of threads that reserve, settle, release, expire and die over two budgets, none overspends, and none loses a cent.',

  cases: () =>
    settings.map(({ name, limits = [100, 90], effort, time, deaths = 1, ...setting }): RacedCase => {
      const ledger = new LedgerProgram({
        limits: setting.reserved ? [100, 100] : limits,
        deaths,
        ...(time ? { ticksMs: [RESERVATION_MS + 64] } : {}),
        ...setting,
      })
      return {
        name: deaths === 0 ? name : `${name}; one may die`,
        effort,
        program: ledger.program,
        questions: ledger.questions,
        how: { nameOfCell: ledger.nameOfCell },
      }
    }),
}

export default program
