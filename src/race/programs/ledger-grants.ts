import { Grants, KeeperState } from '../../budget/ledger/grants.js'
import { KeptAccount } from '../../budget/ledger/kept-account.js'
import type { LedgerEnd } from '../../budget/ledger/ledger-end.js'
import { BudgetAmount } from '../../budget/ledger/record.js'
import type { AtomicCells } from '../../memory/atomic-cells.js'
import type { Cells } from '../../memory/cells.js'
import type { Effort, RacedCase, RacedProgram } from '../raced-program.js'
import { endOf, type LedgerAct } from '../shipped/ledger-acts.js'
import { LedgerProgram } from '../shipped/ledger-program.js'

const LIMIT = 100
const BLOCK = 20
const LOOKS_MAX = 4

interface Setting {
  readonly amounts: readonly number[]
  /** What is granted as the threads begin. */
  readonly opening?: number
  readonly deaths?: number
  /** Whether the keeper does something else all the while. */
  readonly isBusy?: boolean
}

const settings: readonly (Setting & { name: string; effort: Effort })[] = [
  { name: 'one asks', amounts: [60], effort: 'quick' },
  { name: 'two ask while the keeper is busy', amounts: [50, 30], isBusy: true, effort: 'quick' },
  { name: 'one asks, either may die', amounts: [60], deaths: 1, effort: 'default' },
  { name: 'one takes the room that another would have had', opening: 60, amounts: [50, 30], effort: 'default' },
  { name: 'two ask', amounts: [50, 30], effort: 'default' },
]

/** A budget of which nothing may be committed before it is granted: its keeper, and threads that ask. */
function granted({ amounts, opening = 0, deaths = 0, isBusy = false }: Setting): Omit<RacedCase, 'name' | 'effort'> {
  const asks =
    (amount: number): LedgerAct =>
    ({ end }, _call, cells) => {
      const seen = cells.load(ledger.map.granted)
      const id = end.reserve(0, amount)
      return id === 0 ? `waits ${seen}` : endOf(end, id, amount)
    }
  const keeper: LedgerAct = ({ end }, _call, cells) => (isBusy ? 'is busy' : keeps(ledger, end, cells))
  const ledger: LedgerProgram = new LedgerProgram({
    limits: [LIMIT],
    opening,
    acts: [keeper, ...amounts.map(asks)],
    deaths,
    extraCells: 1,
  })
  const { invariant, conservation } = ledger.questions
  return {
    program: ledger.program,
    questions: {
      invariant: {
        invariant: (cells) => {
          invariant?.invariant?.(cells)
          const ceiling = ledger.record(cells)[ledger.shape.at(0, BudgetAmount.ceiling)] as number
          const written = Math.max(opening, cells.load(ledger.map.size))
          if (ceiling > written) throw new Error(`${ceiling} may be committed, and ${written} is written down`)
        },
      },
      conservation: conservation ?? {},
      recovery: {
        check: (cells, returned) => {
          if (isBusy) assertLargestWanted(ledger, cells, Math.max(...amounts))
          else assertNoneForgotten(ledger, cells, returned)
        },
      },
    },
    how: { nameOfCell: ledger.nameOfCell },
  }
}

/** The looks of a keeper, in the order of `durable/keeper.ts`, until nobody has asked since the last one began. */
function keeps({ map, shape }: LedgerProgram, end: LedgerEnd, cells: Cells): string {
  const account = new KeptAccount('default', 0, shape, end)
  // Only its waits need more than cells.
  const grants = new Grants(cells as AtomicCells, map)
  for (let look = 0; look < LOOKS_MAX; look++) {
    const { asked } = grants
    const wanted = grants.takeWanted(0)
    const [figures] = account.read().budgets
    if (!figures) break
    const { committed, period } = figures
    const ceiling = Math.min(LIMIT, committed + Math.max(BLOCK, wanted))
    if (ceiling > figures.ceiling) {
      cells.store(map.size, ceiling)
      account.setCeiling(0, period, ceiling)
      grants.tell(KeeperState.granting)
    }
    if (grants.asked === asked) return `sleeps ${asked}`
  }
  return 'looks on'
}

/** Nobody waits for a grant while the keeper waits for a question. */
function assertNoneForgotten({ map }: LedgerProgram, cells: Cells, [keeper, ...askers]: readonly unknown[]): void {
  if (keeper !== `sleeps ${cells.load(map.asked)}`) return
  const waits = `waits ${cells.load(map.granted)}`
  if (askers.includes(waits)) throw new Error('a thread waits for a grant, and the keeper for a question')
}

/** What the keeper will find is enough for each that was refused. */
function assertLargestWanted({ map }: LedgerProgram, cells: Cells, amount: number): void {
  const wanted = 2 ** (cells.load(map.wanted(0)) - 1)
  if (wanted < amount) throw new Error(`${amount} was refused, and ${wanted} is asked for`)
}

const program: RacedProgram = {
  claim: 'What is committed is granted and written down, and nobody waits for a keeper that sleeps.',

  cases: () => settings.map(({ name, effort, ...setting }) => ({ name, effort, ...granted(setting) })),
}

export default program
