import { expect } from 'chai'
import { CostCircuitBreaker } from '../../../src/budget/cost/cost-circuit-breaker.js'
import { CostManager } from '../../../src/budget/cost/cost-manager.js'
import type { CostBreakerOptions, CostThreadOptions } from '../../../src/budget/cost/options.js'
import { BudgetLedger } from '../../../src/budget/ledger/budget-ledger.js'
import { thrownBy } from '../thrown-by.js'
import { costing } from './costing.js'

describe('options of a cost breaker', () => {
  const wrong: [field: string, options: Record<string, unknown>][] = [
    ['name', { name: '' }],
    ['ledger', { ledger: undefined }],
    ['budgets', { ledger: { budgets: [] } }],
    ['estimator', { estimator: undefined }],
    ['operations', { estimator: { operations: [] } }],
    ['rules', { rules: {} }],
    ['rules[0].threshold.type', { rules: [{ id: 'a', threshold: { type: 'x' }, action: 'block' }] }],
    ['accounts', { accounts: [] }],
    ['accounts[1]', { accounts: ['a', 'a'] }],
    ['name', { accounts: [''] }],
    ['budgets', { commonBudgets: [] }],
    ['budgetLimitedFrom', { budgetLimitedFrom: 0 }],
    ['budgetLimitedFrom', { budgetLimitedFrom: 1.1 }],
    ['auditCapacity', { auditCapacity: 15 }],
    ['maxThreads', { maxThreads: 257 }],
    ['costOf', { costOf: 5 }],
    ['costOfError', { costOfError: 'free' }],
    ['onStateChange', { onStateChange: {} }],
    ['onAlert', { onAlert: 1 }],
    ['onRuleError', { onRuleError: undefined }],
    ['predicates.other', { predicates: { other: () => true } }],
    ['failureRateThreshold', { circuit: { failureRateThreshold: 2 } }],
  ]
  for (const [field, options] of wrong) {
    it(`name what is wrong with ${JSON.stringify(options)}`, () => {
      const error = thrownBy(() => costing(options as Partial<CostBreakerOptions & CostThreadOptions>))
      expect(error).to.include({ code: 'ERR_CONFIGURATION', field })
    })
  }

  it('of a manager are those, and how many breakers there can be', () => {
    const ledger = { budgets: [{ per: 'day', limit: 1 } as const] }
    const estimator = { operations: [{ name: 'ask', defaultAmount: 1 }] }
    const error = thrownBy(() => CostManager.create({ ledger, estimator, onRuleError: 'refuse', breakers: 0 }))
    expect(error).to.include({ field: 'breakers' })
    const inCircuits = { circuits: { minimumCalls: 0 } }
    const other = thrownBy(() => CostManager.create({ ledger, estimator, onRuleError: 'refuse', ...inCircuits }))
    expect(other).to.include({ field: 'minimumCalls' })
  })

  it('may name a ledger that there is already, which stays its maker’s', async () => {
    const ledger = BudgetLedger.create({ budgets: [{ per: 'total', limit: 100 }] })
    const { breaker } = costing({ ledger })
    expect(breaker.ledger).to.equal(ledger)
    await breaker.execute(async () => 'answer', { operation: 'ask' })
    breaker.detach()
    expect(ledger.account().status().budgets[0]?.spent).to.equal(100)
  })
})

describe('a handle of a cost breaker', () => {
  it('is refused if it is none, or says other settings than its memory has', () => {
    const { breaker } = costing()
    const { handle } = breaker
    const attach = (what: unknown) => () => CostCircuitBreaker.attach(what as typeof handle, { onRuleError: 'refuse' })
    const control = (over: object) => ({ ...handle, control: { ...handle.control, ...over } })
    expect(thrownBy(attach({}))).to.include({ code: 'ERR_NOT_A_BREAKER' })
    expect(thrownBy(attach(control({ buffer: new SharedArrayBuffer(4096) })))).to.include({ code: 'ERR_NOT_A_BREAKER' })
    const settings = { ...handle.control.settings, budgetLimitedFrom: 0.5 }
    expect(thrownBy(attach(control({ settings })))).to.include({ code: 'ERR_NOT_A_BREAKER' })
    const larger = { ...handle.control.settings, auditCapacity: 65_536 }
    expect(thrownBy(attach(control({ settings: larger })))).to.include({ code: 'ERR_TRUNCATED' })
  })

  it('takes no slot when attaching fails', () => {
    const { breaker, world } = costing({ maxThreads: 2 })
    const options = { onRuleError: 'refuse' } as const
    const circuit = { ...breaker.handle.circuit, firstCell: 0 }
    for (let count = 0; count < 5; count++) {
      thrownBy(() => CostCircuitBreaker.attach({ ...breaker.handle, circuit }, options, world))
    }
    const other = CostCircuitBreaker.attach(breaker.handle, options, world)
    expect(thrownBy(() => CostCircuitBreaker.attach(breaker.handle, options, world))).to.include({
      code: 'ERR_TOO_MANY_THREADS',
    })
    other.detach()
    CostCircuitBreaker.attach(breaker.handle, options, world).detach()
  })

  it('carries all that another thread needs', () => {
    const { breaker, world } = costing({ commonBudgets: [{ per: 'month', limit: 50 }] })
    const cloned = structuredClone(breaker.handle)
    const other = CostCircuitBreaker.attach(cloned, { onRuleError: 'refuse' }, world)
    other.reserve({ operation: 'ask', cost: 20 }).settle()
    expect(breaker.snapshot().cost.actual).to.equal(20)
  })
})
