import { expect } from 'chai'
import type { CostRules } from '../../../src/budget/rules/cost-rules.js'
import type { BudgetFigures, CostCall, CostRule } from '../../../src/budget/rules/rule.js'
import { call, day, endOf, month, NOW_MS, newRules, UNIT } from './ruled.js'

const ends = (...rules: CostRule[]) => endOf(newRules(rules))
const blockDaily: CostRule = { id: 'daily', threshold: { type: 'absolute-daily', amount: 50 }, action: 'block' }
const decide = (rules: CostRules, budgets: readonly BudgetFigures[] = [], given: CostCall = call(), nowMs = NOW_MS) =>
  rules.decide(given, budgets, nowMs)

describe('a threshold', () => {
  it('is exact for amounts beyond 2⁵³ ÷ 100', () => {
    const limit = Number.MAX_SAFE_INTEGER
    const rules = () =>
      ends({ id: 'nearly', threshold: { type: 'percentage-daily', percent: 99.999 }, action: 'block' })
    // 99.999 % of 9,007,199,254,740,991 is 9,007,109,182,748,443.6.
    expect(decide(rules(), [day(9_007_109_182_748_443, limit)]).action).to.equal('allow')
    expect(decide(rules(), [day(9_007_109_182_748_444, limit)]).action).to.equal('block')
  })

  it('looks at budgets of its period alone', () => {
    expect(decide(ends(blockDaily), [month(60)]).action).to.equal('allow')
    expect(decide(ends(blockDaily), [month(0), day(50)]).action).to.equal('block')
    const monthly: CostRule = { ...blockDaily, threshold: { type: 'absolute-monthly', amount: 50 } }
    expect(decide(ends(monthly), [day(60)]).action).to.equal('allow')
    expect(decide(ends(monthly), [month(50)]).action).to.equal('block')
  })

  it('is no percentage of a budget without a limit', () => {
    const rules = ends({ ...blockDaily, threshold: { type: 'percentage-daily', percent: 1 } })
    expect(decide(rules, [day(2 ** 50, Number.POSITIVE_INFINITY)]).action).to.equal('allow')
    expect(decide(rules, [day(0, 0)]).action).to.equal('block')
  })

  it('of a rate looks at its window, and no further', () => {
    const threshold = { type: 'rate', amountPerHour: 60 * UNIT, windowMs: 60_000 } as const
    const rules = ends({ id: 'rate', threshold, action: 'block' })
    rules.record(call(), UNIT, NOW_MS)
    expect(decide(rules, [], call(), NOW_MS).action).to.equal('allow')
    rules.record(call(), 1, NOW_MS + 30_000)
    expect(decide(rules, [], call(), NOW_MS + 30_000).action).to.equal('block')
    expect(decide(rules, [], call(), NOW_MS + 60_000).action).to.equal('allow')
  })

  it('of a single operation judges each by itself', () => {
    const rules = ends({ id: 'big', threshold: { type: 'single-operation', amount: 100 }, action: 'block' })
    expect(decide(rules, [], call({ estimate: 100 })).action).to.equal('block')
    expect(decide(rules, [], call({ estimate: 99 })).action).to.equal('allow')
  })
})
