import { expect } from 'chai'
import type { CostRules } from '../../../src/budget/rules/cost-rules.js'
import { defaultRules } from '../../../src/budget/rules/default-rules.js'
import type { BudgetFigures, CostCall, CostRule } from '../../../src/budget/rules/rule.js'
import { thrownBy } from '../thrown-by.js'
import { call, day, endOf, month, NOW_MS, newRules, UNIT } from './ruled.js'

const ends = (...rules: CostRule[]) => endOf(newRules(rules))
const blockDaily: CostRule = { id: 'daily', threshold: { type: 'absolute-daily', amount: 50 }, action: 'block' }
const decide = (rules: CostRules, budgets: readonly BudgetFigures[] = [], given: CostCall = call(), nowMs = NOW_MS) =>
  rules.decide(given, budgets, nowMs)
const actions = (rules: CostRules, budgets: readonly BudgetFigures[], count: number) =>
  Array.from({ length: count }, () => decide(rules, budgets).action)

describe('the default rules', () => {
  const fresh = () => ends(...defaultRules)

  it('let a call through while there is enough', () => {
    expect(decide(fresh(), [day(89 * UNIT), month(900 * UNIT)])).to.deep.equal({
      action: 'allow',
      alerts: [],
      overridden: [],
      faults: [],
    })
  })

  it('let half of the calls through from 90 % of a day on', () => {
    const rules = fresh()
    expect(actions(rules, [day(90 * UNIT)], 4)).to.deep.equal(['allow', 'throttle', 'allow', 'throttle'])
    expect(decide(rules, [day(90 * UNIT)])).to.include({ action: 'allow', rule: 'daily-warning' })
    expect(decide(rules, [day(90 * UNIT)])).to.include({ action: 'throttle', rule: 'daily-warning' })
  })

  it('let no call through at 100 % of a day or a month', () => {
    expect(decide(fresh(), [day(100 * UNIT)])).to.include({ action: 'block', rule: 'daily-limit' })
    expect(decide(fresh(), [month(1000 * UNIT)])).to.include({ action: 'block', rule: 'monthly-limit' })
    expect(decide(fresh(), [day(100 * UNIT - 1), month(0)]).rule).to.equal('daily-warning')
  })

  it('let three tenths through from 95 % of a month on', () => {
    const going = actions(fresh(), [month(950 * UNIT)], 10).filter((action) => action === 'allow')
    expect(going).to.have.length(3)
  })

  it('raise an alert for a single operation at 1.00 or more', () => {
    const rules = fresh()
    expect(decide(rules, [], call({ estimate: UNIT - 1 })).alerts).to.deep.equal([])
    const expensive = call({ estimate: UNIT })
    const { action, alerts } = decide(rules, [], expensive)
    expect(action).to.equal('allow')
    const threshold = { type: 'single-operation', amount: UNIT }
    expect(alerts).to.deep.equal([{ rule: 'expensive-operation', threshold, call: expensive, atMs: NOW_MS }])
  })

  it('let seven tenths through above 10 an hour', () => {
    const rules = fresh()
    rules.record(call(), 10 * UNIT, NOW_MS)
    expect(actions(rules, [], 10)).to.not.include('throttle')
    rules.record(call(), 1, NOW_MS)
    expect(actions(rules, [], 10).filter((action) => action === 'allow')).to.have.length(7)
  })
})

describe('a rule', () => {
  it('applies to its operations and categories alone', () => {
    const rules = ends({ ...blockDaily, appliesTo: { operations: ['chat'], categories: ['batch', 'test'] } })
    const full = [day(50)]
    expect(decide(rules, full, call({ category: 'batch' })).action).to.equal('block')
    expect(decide(rules, full, call({ category: 'live' })).action).to.equal('allow')
    expect(decide(rules, full, call()).action).to.equal('allow')
    expect(decide(rules, full, call({ operation: 'embed', category: 'batch' })).action).to.equal('allow')
  })

  it('measures the rate of what it applies to alone', () => {
    const threshold = { type: 'rate', amountPerHour: 0 } as const
    const rules = ends({ id: 'rate', threshold, action: 'block', appliesTo: { operations: ['chat'] } })
    rules.record({ operation: 'embed' }, 5, NOW_MS)
    expect(decide(rules).action).to.equal('allow')
    rules.record({ operation: 'chat' }, 5, NOW_MS)
    expect(decide(rules).action).to.equal('block')
  })

  it('is named if it is the first to refuse; no throttle goes before a block', () => {
    const throttle: CostRule = {
      id: 'slow',
      threshold: { type: 'absolute-daily', amount: 10 },
      action: 'throttle',
      throttle: { kind: 'token-bucket', factor: 1 },
      priority: 9,
    }
    const rules = ends(throttle, blockDaily, { ...blockDaily, id: 'first', priority: 1 })
    expect(decide(rules, [day(20)])).to.include({ action: 'allow', rule: 'slow' })
    expect(decide(rules, [day(60)])).to.include({ action: 'block', rule: 'first' })
  })

  it('raises its alert for a call that another rule blocks', () => {
    const rules = ends({ ...blockDaily, priority: 1 }, { ...blockDaily, id: 'told', action: 'alert' })
    const { action, alerts } = decide(rules, [day(50)])
    expect([action, ...alerts.map(({ rule }) => rule)]).to.deep.equal(['block', 'told'])
  })

  it('spends no credit on a call that is blocked', () => {
    const slow: CostRule = {
      id: 'slow',
      threshold: { type: 'absolute-daily', amount: 0 },
      action: 'throttle',
      throttle: { kind: 'token-bucket', factor: 0.5 },
      priority: 9,
    }
    const rules = ends(slow, { ...blockDaily, threshold: { type: 'single-operation', amount: 5000 } })
    const given = (estimate: number) => decide(rules, [day(1)], call({ estimate })).action
    expect([5000, 1, 5000, 5000, 1, 1].map(given)).to.deep.equal([
      'block',
      'allow',
      'block',
      'block',
      'throttle',
      'allow',
    ])
  })

  it('stays, once it has fired, until use was below its recovery threshold for its window', () => {
    const rules = ends({ ...blockDaily, recoveryThreshold: 40, recoveryWindowMs: 1000 })
    const at = (ms: number, committed: number) => decide(rules, [day(committed)], call(), NOW_MS + ms).action
    expect(at(0, 45)).to.equal('allow')
    expect(at(1, 50)).to.equal('block')
    expect(at(2, 45)).to.equal('block')
    expect(at(5000, 39)).to.equal('block')
    expect(at(5999, 39)).to.equal('block')
    expect(at(5999, 40)).to.equal('block')
    expect(at(6500, 39)).to.equal('block')
    expect(at(7499, 39)).to.equal('block')
    expect(at(7500, 39)).to.equal('allow')
    expect(at(7501, 45)).to.equal('allow')
  })

  it('stays for its cooldown at least', () => {
    const rules = ends({ ...blockDaily, cooldownMs: 1000 })
    const at = (ms: number, committed: number) => decide(rules, [day(committed)], call(), NOW_MS + ms).action
    expect(at(0, 50)).to.equal('block')
    expect(at(1, 0)).to.equal('block')
    expect(at(999, 0)).to.equal('block')
    expect(at(1000, 0)).to.equal('allow')
  })

  it('ends as soon as use is below the threshold, if nothing else is said', () => {
    const rules = ends(blockDaily)
    expect([50, 49, 50].map((committed) => decide(rules, [day(committed)]).action)).to.deep.equal([
      'block',
      'allow',
      'block',
    ])
  })

  it('raises one alert in a cooldown', () => {
    const rules = ends({ ...blockDaily, action: 'alert', cooldownMs: 1000 })
    const at = (ms: number) => decide(rules, [day(60)], call(), NOW_MS + ms).alerts.length
    expect([0, 1, 999, 1000, 1001, 5000].map(at)).to.deep.equal([1, 0, 0, 1, 0, 1])
  })

  it('lets an emergency through if it may be overridden, and says so', () => {
    const rules = ends({ ...blockDaily, emergencyOverride: true })
    expect(decide(rules, [day(60)], call({ emergency: true }))).to.deep.include({
      action: 'allow',
      overridden: ['daily'],
    })
    expect(decide(rules, [day(0)], call({ emergency: true })).overridden).to.deep.equal([])
    expect(decide(rules, [day(60)])).to.deep.include({ action: 'block', overridden: [] })
    expect(decide(ends(blockDaily), [day(60)], call({ emergency: true }))).to.deep.include({
      action: 'block',
      overridden: [],
    })
  })
})

describe('the rules in force', () => {
  it('are those that calls of any thread left so', () => {
    const handle = newRules([blockDaily, { ...blockDaily, id: 'first', priority: 1 }])
    const [one, other] = [endOf(handle), endOf(handle)]
    expect(other.inForce()).to.deep.equal([])
    decide(one, [day(50)])
    expect(other.inForce()).to.deep.equal(['first', 'daily'])
    decide(one, [day(49)])
    expect(other.inForce()).to.deep.equal([])
  })
})

describe('a throttle that delays', () => {
  const slow: CostRule = {
    id: 'slow',
    threshold: { type: 'absolute-daily', amount: 0 },
    action: 'throttle',
    throttle: { kind: 'delay', factor: 0.5, intervalMs: 10, maxDelayMs: 50 },
  }
  const waits = (rules: CostRules, count: number, nowMs = NOW_MS) =>
    Array.from({ length: count }, () => {
      const { action, delayMs } = decide(rules, [day(1)], call(), nowMs)
      return action === 'allow' ? 'now' : (delayMs ?? 'refused')
    })

  it('gives each call a place, an interval ÷ factor apart, and refuses who would wait too long', () => {
    const rules = ends(slow)
    expect(waits(rules, 5)).to.deep.equal(['now', 20, 40, 'refused', 'refused'])
    expect(waits(rules, 2, NOW_MS + 25)).to.deep.equal([35, 'refused'])
    expect(waits(rules, 2, NOW_MS + 1000)).to.deep.equal(['now', 20])
  })

  it('begins anew where the clock was put back', () => {
    const rules = ends(slow)
    waits(rules, 3)
    expect(waits(rules, 2, NOW_MS - 3_600_000)).to.deep.equal(['now', 20])
  })
})

describe('a fault in a rule', () => {
  const failing = () => {
    throw new Error('it is Monday')
  }
  const decided = (onRuleError: 'refuse' | 'allow', options: object, rule: CostRule = blockDaily, given = call()) =>
    endOf(newRules([rule]), { onRuleError, ...options }).decide(given, [day(60)], NOW_MS)

  for (const [what, options, rule] of [
    ['a predicate that throws', { predicates: { daily: failing } }, blockDaily],
    ['a predicate that gives no answer', { predicates: { daily: () => undefined } }, blockDaily],
    ['a listener that throws', { onAlert: failing }, { ...blockDaily, action: 'alert' }],
  ] as const) {
    it(`is a refusal or a pass as was said: ${what}`, () => {
      const refused = decided('refuse', options, rule)
      expect(refused).to.include({ action: 'block', rule: 'daily' })
      expect(refused.faults.map((fault) => fault.rule)).to.deep.equal(['daily'])
      const passed = decided('allow', options, rule)
      expect(passed.action).to.equal('allow')
      expect(passed.faults.map((fault) => fault.rule)).to.deep.equal(['daily'])
    })
  }

  it('does not hold up an emergency that the rule lets through', () => {
    const rule = { ...blockDaily, emergencyOverride: true }
    const { action, overridden } = decided(
      'refuse',
      { predicates: { daily: failing } },
      rule,
      call({ emergency: true }),
    )
    expect({ action, overridden }).to.deep.equal({ action: 'allow', overridden: ['daily'] })
  })

  it('is none where a predicate says whether the rule looks at the call', () => {
    const predicates = { daily: ({ estimate }: CostCall) => estimate > 5 }
    expect(decided('refuse', { predicates }).action).to.equal('block')
    expect(decided('refuse', { predicates }, blockDaily, call({ estimate: 5 })).action).to.equal('allow')
  })

  it('has to be provided for', () => {
    expect(thrownBy(() => endOf(newRules([blockDaily]), {} as never))).to.include({ field: 'onRuleError' })
    const predicates = { monthly: () => true }
    const error = thrownBy(() => endOf(newRules([blockDaily]), { onRuleError: 'refuse', predicates }))
    expect(error).to.include({ code: 'ERR_CONFIGURATION', field: 'predicates.monthly' })
  })
})

describe('rules', () => {
  it('can be looked at by the rules alone that the memory was made for', () => {
    const { buffer } = newRules([blockDaily])
    const error = thrownBy(() => endOf({ buffer, rules: [{ ...blockDaily, cooldownMs: 1 }] }))
    expect(error).to.include({ code: 'ERR_CONFIGURATION', field: 'rules' })
  })

  it('take no estimate and no cost that is no amount', () => {
    for (const amount of [-1, 0.5, Number.NaN, 2 ** 53]) {
      expect(() => decide(ends(blockDaily), [], call({ estimate: amount }))).to.throw(RangeError, 'micro-units')
      expect(() => ends(blockDaily).record(call(), amount, NOW_MS)).to.throw(RangeError, 'micro-units')
    }
  })
})
