import { PERCENT_UNITS, type ResolvedRule } from './resolve-rules.js'
import type { BudgetFigures, CostCall } from './rule.js'

const HOUR_MS = 3_600_000
/** A percentage is kept in thousandths: all of a limit is so many of them. */
const WHOLE = 100 * PERCENT_UNITS

/** Whether use is at a level of the rule's, in its threshold's unit, or beyond it. `spentLately` is asked only for a rate. */
export function isAt(
  rule: ResolvedRule,
  level: number,
  call: CostCall,
  budgets: readonly BudgetFigures[],
  spentLately: () => number,
): boolean {
  const { threshold } = rule
  switch (threshold.type) {
    case 'absolute-daily':
      return isAnyAt('day', budgets, () => level)
    case 'absolute-monthly':
      return isAnyAt('month', budgets, () => level)
    case 'percentage-daily':
      return isAnyAt('day', budgets, (limit) => partOf(limit, level))
    case 'percentage-monthly':
      return isAnyAt('month', budgets, (limit) => partOf(limit, level))
    case 'rate':
      // Above it, not at it: a rate of 0 allowed is a rule that fires with the first cost.
      return spentLately() > level * (rule.windowMs / HOUR_MS)
    case 'single-operation':
      return call.estimate >= level
  }
}

function isAnyAt(
  per: BudgetFigures['per'],
  budgets: readonly BudgetFigures[],
  levelOf: (limit: number) => number,
): boolean {
  for (const budget of budgets) {
    if (budget.per === per && budget.committed >= levelOf(budget.limit)) return true
  }
  return false
}

/** The least amount that is so many percent of a limit: in whole numbers, as 2⁵³ micro-units times a hundred are no more exact. */
function partOf(limit: number, percent: number): number {
  if (!Number.isFinite(limit)) return Number.POSITIVE_INFINITY
  const parts = Math.round(percent * PERCENT_UNITS)
  const whole = Math.floor(limit / WHOLE)
  return whole * parts + Math.ceil(((limit - whole * WHOLE) * parts) / WHOLE)
}
