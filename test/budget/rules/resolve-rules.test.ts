import { expect } from 'chai'
import { defaultRules } from '../../../src/budget/rules/default-rules.js'
import { resolveRules } from '../../../src/budget/rules/resolve-rules.js'
import type { CostRule } from '../../../src/budget/rules/rule.js'
import { thrownBy } from '../thrown-by.js'

const rule = { id: 'r', threshold: { type: 'absolute-daily', amount: 50 }, action: 'block' } as const
const alert = { ...rule, action: 'alert' } as const
const single = { ...rule, threshold: { type: 'single-operation', amount: 5 } } as const
const percent = (value: unknown) => ({ ...rule, threshold: { type: 'percentage-daily', percent: value } })
const rate = (more: object) => ({ ...rule, threshold: { type: 'rate', amountPerHour: 1, ...more } })
const throttle = (given: unknown) => ({ ...rule, action: 'throttle', throttle: given })

describe('the validation of rules', () => {
  it('takes the default rules', () => {
    expect(resolveRules(defaultRules)).to.have.length(6)
  })

  it('fills in what is not said', () => {
    expect(resolveRules([rule])[0]).to.deep.include({
      level: 50,
      recoveryLevel: 50,
      priority: 0,
      cooldownMs: 0,
      recoveryWindowMs: 0,
      emergencyOverride: false,
    })
  })

  const refused: [field: string, given: unknown, allowed: string][] = [
    ['rules[0]', null, 'an object'],
    ['rules[0].id', { ...rule, id: '' }, 'not empty'],
    ['rules[0].action', { ...rule, action: 'log' }, '"block", "throttle", "alert"'],
    ['rules[0].threshold.type', { ...rule, threshold: { type: 'weekly' } }, '"absolute-daily"'],
    ['rules[0].threshold.type', { ...rule, threshold: undefined }, '"absolute-daily"'],
    ['rules[0].threshold.amount', { ...rule, threshold: { type: 'absolute-daily', amount: 0.5 } }, 'a whole number'],
    ['rules[0].threshold.percent', percent(1001), 'from 0 to 1000'],
    ['rules[0].threshold.percent', percent(0.0001), 'in steps of 0.001'],
    ['rules[0].threshold.windowMs', rate({ windowMs: 10 }), 'from 1000'],
    ['rules[0].threshold.amountPerHour', rate({ amountPerHour: -1 }), 'a whole number'],
    ['rules[0].threshold.per', rate({ per: 'hour' }), 'no field but type, amountPerHour, windowMs'],
    ['rules[0].throttle', { ...rule, action: 'throttle' }, 'as the action is "throttle"'],
    [
      'rules[0].throttle',
      { ...rule, throttle: { kind: 'token-bucket', factor: 0.5 } },
      'undefined without that action',
    ],
    ['rules[0].throttle.kind', throttle({ kind: 'sleep', factor: 0.5 }), '"token-bucket", "delay"'],
    ['rules[0].throttle.factor', throttle({ kind: 'delay', factor: 0 }), 'from 0.001 to 1'],
    ['rules[0].throttle.intervalMs', throttle({ kind: 'token-bucket', factor: 1, intervalMs: 1 }), 'no field but'],
    ['rules[0].throttle.intervalMs', throttle({ kind: 'delay', factor: 1, intervalMs: 0 }), 'from 0.001'],
    ['rules[0].throttle.maxDelayMs', throttle({ kind: 'delay', factor: 1, maxDelayMs: -1 }), 'milliseconds'],
    ['rules[0].priority', { ...rule, priority: 0.5 }, 'a whole number'],
    ['rules[0].cooldownMs', { ...rule, cooldownMs: -1 }, 'milliseconds'],
    ['rules[0].cooldownMs', { ...single, cooldownMs: 1 }, 'each operation by itself'],
    ['rules[0].appliesTo.operations', { ...rule, appliesTo: { operations: [] } }, 'not empty'],
    ['rules[0].appliesTo.categories', { ...rule, appliesTo: { categories: 'batch' } }, 'an array'],
    ['rules[0].emergencyOverride', { ...rule, emergencyOverride: 1 }, 'true or false'],
    ['rules[0].recoveryThreshold', { ...rule, recoveryThreshold: 51 }, 'at most the threshold, 50'],
    ['rules[0].recoveryThreshold', { ...alert, recoveryThreshold: 1 }, 'undefined for alerts'],
    ['rules[0].recoveryWindowMs', { ...single, recoveryWindowMs: 1 }, 'undefined for alerts and single operations'],
    ['rules[0].recoveryWindowMs', { ...rule, recoveryWindowMs: 'long' }, 'milliseconds'],
    ['rules[0].cooldown', { ...rule, cooldown: 1 }, 'no field but id'],
  ]
  for (const [field, given, allowed] of refused) {
    it(`refuses ${JSON.stringify(given)}`, () => {
      const error = thrownBy(() => resolveRules([given as CostRule]))
      expect(error).to.include({ code: 'ERR_CONFIGURATION', field })
      expect(error.message).to.contain(allowed)
    })
  }

  it('refuses what is no list of rules, an id that is taken, and more rules than there is room for', () => {
    expect(thrownBy(() => resolveRules({} as never))).to.include({ field: 'rules' })
    expect(thrownBy(() => resolveRules([rule, rule]))).to.include({ field: 'rules[1].id' })
    const many = Array.from({ length: 65 }, (_, index) => ({ ...rule, id: `r${index}` }))
    expect(thrownBy(() => resolveRules(many))).to.include({ field: 'rules' })
  })
})
