import { CostRules, initializeRules } from '../../../src/budget/rules/cost-rules.js'
import { resolveRules } from '../../../src/budget/rules/resolve-rules.js'
import type { BudgetFigures, CostCall, CostRule, RuleOptions } from '../../../src/budget/rules/rule.js'
import { RulesMap } from '../../../src/budget/rules/rules-map.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'

/** What another thread needs to have its end of the same rules. */
export interface RulesHandle {
  readonly buffer: SharedArrayBuffer
  readonly rules: readonly CostRule[]
}

export const NOW_MS = 1_800_000_000_000
export const UNIT = 1_000_000

export function newRules(rules: readonly CostRule[]): RulesHandle {
  const resolved = resolveRules(rules)
  const map = new RulesMap(0, resolved.length)
  const cells = AtomicCells.allocate(map.end)
  initializeRules(cells, map, resolved)
  return { buffer: cells.buffer, rules }
}

/** One thread's end of them. */
export function endOf({ buffer, rules }: RulesHandle, options: RuleOptions = { onRuleError: 'refuse' }): CostRules {
  const resolved = resolveRules(rules)
  return new CostRules(new AtomicCells(buffer), new RulesMap(0, resolved.length), resolved, options)
}

export const call = (over: Partial<CostCall> = {}): CostCall => ({ operation: 'chat', estimate: 1000, ...over })

export const day = (committed: number, limit = 100 * UNIT): BudgetFigures => ({
  name: 'daily',
  per: 'day',
  limit,
  committed,
  spent: committed,
})
export const month = (committed: number, limit = 1000 * UNIT): BudgetFigures => ({
  name: 'monthly',
  per: 'month',
  limit,
  committed,
  spent: committed,
})
