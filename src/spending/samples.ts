import { money } from '../reporting/spending.js'
import type { SpendingSample, SpentBudget } from '../spending.js'

/** What is wrong with a sample by itself: a line for each. */
export function contradictionsOf(sample: SpendingSample): string[] {
  const { total, least, most } = sample
  const lines: string[] = []
  if (total < least || total > most)
    lines.push(`the ledger's sum is ${money(total)}, that of its threads ${money(least)} to ${money(most)}`)
  return [...lines, ...overspentIn(sample)]
}

export function contradicts(sample: SpendingSample): boolean {
  return contradictionsOf(sample).length > 0
}

/** Budgets of which more is committed than their limit: by the ledger, and by the records of the threads alone. */
export function overspentIn({ committedLeast, budgets }: SpendingSample): string[] {
  const own = budgets
    .filter(({ committed, limit }) => committed > limit)
    .map(({ name, committed, limit }) => `${name}: ${money(committed)} of ${money(limit)} committed, by the ledger`)
  const tightest = tightestOf(budgets)
  if (committedLeast === undefined || tightest === undefined || committedLeast <= tightest.limit) return own
  const { name, limit } = tightest
  return [...own, `${name}: at least ${money(committedLeast)} of ${money(limit)} committed, by the threads’ records`]
}

/** As every call counts in every budget, the others hold if the one with the smallest limit does. */
function tightestOf(budgets: readonly SpentBudget[]): SpentBudget | undefined {
  return budgets.reduce<SpentBudget | undefined>((least, budget) => {
    return least && least.limit <= budget.limit ? least : budget
  }, undefined)
}
