import type { Evidence } from '../evidence.js'
import type { SpendingAccount, SpentBudget } from '../spending.js'
import { number, significant } from './figures.js'
import type { Column, DrawTable } from './grid.js'
import { money, sumOf } from './spending.js'

/** What became of calls that cost money, and of the budgets that they were paid from. */
export function drawSpending<Part>({ spending, plan }: Evidence, draw: DrawTable<Part>): Part[] {
  if (!spending || !plan.spending) return []
  const { refusalLatency } = spending
  const took =
    refusalLatency.count > 0
      ? `; a refusal took ${significant(refusalLatency.p50Ms)} ms, p99 ${significant(refusalLatency.p99Ms)} ms`
      : ''
  return [
    draw(`calls that cost money, kept by ${plan.spending.ledger}${took}`, accountColumns, spending.accounts),
    draw('budgets, in units', budgetColumns, spending.accounts.flatMap(budgetRows)),
  ]
}

const accountColumns: readonly Column<SpendingAccount>[] = [
  { header: 'account', cell: ({ key }) => key, align: 'left' },
  { header: 'asked', cell: ({ allowed, refused }) => number(allowed + refused) },
  { header: 'refused for cost', cell: ({ refused }) => number(refused) },
  { header: 'settled', cell: ({ settled }) => number(settled) },
  { header: 'released', cell: ({ released }) => number(released) },
  { header: 'late', cell: ({ late }) => number(late), dispensable: 1 },
  { header: 'open at a death', cell: (account) => number(sumOf(account, 'open')), dispensable: 2 },
  { header: 'spent', cell: ({ afterExpiry }) => money(afterExpiry.total) },
]

interface BudgetRow {
  readonly account: string
  readonly name: string
  readonly limit: number
  readonly periods: number
  readonly committedMost: number
  readonly end: SpentBudget
}

const budgetColumns: readonly Column<BudgetRow>[] = [
  { header: 'account', cell: ({ account }) => account, align: 'left' },
  { header: 'budget', cell: ({ name }) => name, align: 'left' },
  { header: 'limit', cell: ({ limit }) => money(limit) },
  { header: 'periods', cell: ({ periods }) => number(periods), dispensable: 1 },
  { header: 'committed at most', cell: ({ committedMost }) => money(committedMost) },
  { header: 'spent at the end', cell: ({ end }) => money(end.spent) },
  { header: 'reserved', cell: ({ end }) => money(end.reserved), dispensable: 2 },
  { header: 'overrun', cell: ({ end }) => money(end.overrun) },
]

function budgetRows({ key, samples, atEnd, afterExpiry }: SpendingAccount): BudgetRow[] {
  return afterExpiry.budgets.map((end, index) => {
    const seen = [...samples, atEnd, afterExpiry].flatMap(({ budgets }) => budgets[index] ?? [])
    return {
      account: key,
      name: end.name,
      limit: end.limit,
      periods: new Set(seen.map(({ period }) => period)).size,
      committedMost: Math.max(...seen.map(({ committed }) => committed)),
      end,
    }
  })
}
