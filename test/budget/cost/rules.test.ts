import { expect } from 'chai'
import type { CostRule } from '../../../src/budget/rules/rule.js'
import { thrownBy } from '../thrown-by.js'
import { blockFrom, costing, rejectionOf } from './costing.js'

const ask = { operation: 'ask' }
const half: CostRule = {
  id: 'half',
  threshold: { type: 'absolute-daily', amount: 0 },
  action: 'throttle',
  throttle: { kind: 'token-bucket', factor: 0.5 },
}
const queue: CostRule = { ...half, id: 'queue', throttle: { kind: 'delay', factor: 1, intervalMs: 20, maxDelayMs: 30 } }

describe('rules of a cost breaker', () => {
  it('refuse by an error that names rule, action and when to come again', async () => {
    const { breaker, status, audited } = costing({ rules: [blockFrom(90)] })
    await breaker.execute(async () => 'answer', ask)
    const refusal = await rejectionOf(breaker.execute(async () => expect.fail('it ran'), ask))
    expect(refusal).to.be.instanceOf(Error)
    expect(refusal).to.include({ name: 'CostRefusedError', code: 'ERR_COST_REFUSED', rule: 'enough', action: 'block' })
    expect(refusal).to.include({ operation: 'ask', estimate: 100, retryAfterMs: 12 * 3_600_000 })
    expect(JSON.parse(JSON.stringify(refusal)).message).to.contain('rule "enough" refuses operation "ask"')
    expect(status()).to.deep.equal({ committed: 100, reserved: 0, spent: 100 })
    expect(audited().at(-1)).to.equal('refused rule 100')
  })

  it('take nothing from the circuit: a refusal is neither its success nor its failure', async () => {
    const { breaker } = costing({ rules: [blockFrom(0)] })
    for (let count = 0; count < 5; count++) await rejectionOf(breaker.execute(async () => 'answer', ask))
    expect(breaker.circuit.snapshot()).to.deep.include({ state: 'closed', calls: 0, failures: 0 })
  })

  it('refuse what is not among the calls that go now', async () => {
    const { breaker } = costing({ rules: [half] })
    let allowed = 0
    for (let count = 0; count < 10; count++) {
      const answer = await breaker.execute(async () => 'answer', { ...ask, cost: 1, fallback: () => 'refused' })
      if (answer === 'answer') allowed += 1
    }
    expect(allowed).to.equal(5)
    expect(breaker.snapshot().calls).to.deep.include({
      total: 10,
      allowed: 5,
      throttled: 5,
      costBlocked: 5,
      blockRate: 0.5,
    })
  })

  it('put a call off by a timer: no thread is held up, and no money or permission is', async () => {
    const { breaker, audited } = costing({ rules: [queue] })
    const begun: string[] = []
    const first = breaker.execute(async () => begun.push('first'), ask)
    const second = breaker.execute(async () => begun.push('second'), ask)
    begun.push('this thread')
    expect(breaker.ledger.account().status().budgets[0]?.reserved).to.equal(100)
    await Promise.all([first, second])
    expect(begun).to.deep.equal(['first', 'this thread', 'second'])
    expect(audited()).to.include('throttled rule 100')
    expect(breaker.snapshot().calls).to.deep.include({ total: 2, allowed: 2, delayed: 1, throttled: 1, blocked: 0 })
  })

  it('are asked once about a call that they put off', async () => {
    const { breaker } = costing({ rules: [queue] })
    const calls = [0, 1].map(() => breaker.execute(async () => 'answer', ask))
    // The third place is too far off.
    expect(await rejectionOf(breaker.execute(async () => 'answer', ask))).to.include({
      rule: 'queue',
      action: 'throttle',
    })
    expect(await Promise.all(calls)).to.deep.equal(['answer', 'answer'])
  })

  it('put off a call whose caller gives up, and at once: nothing is left of it', async () => {
    const throttle = { kind: 'delay', factor: 1, intervalMs: 60_000, maxDelayMs: 60_000 } as const
    const { breaker, status } = costing({ rules: [{ ...queue, throttle }] })
    await breaker.execute(async () => 'answer', ask)
    const controller = new AbortController()
    const call = breaker.execute(async () => expect.fail('it ran'), { ...ask, signal: controller.signal })
    // Once it waits.
    await new Promise((resolve) => setImmediate(resolve))
    controller.abort(new Error('given up'))
    expect((await rejectionOf(call)).message).to.equal('given up')
    expect(status()).to.deep.equal({ committed: 100, reserved: 0, spent: 100 })
  })

  it('let the circuit and the budgets decide about a call that has waited', async () => {
    const { breaker, wallClock } = costing({ rules: [queue] })
    await breaker.execute(async () => 'answer', ask)
    const waiting = breaker.execute(async () => expect.fail('it ran'), { ...ask, cost: 901 })
    expect(await rejectionOf(waiting)).to.include({ code: 'ERR_BUDGET_EXCEEDED' })
    wallClock.pass(20)
    const another = breaker.execute(async () => expect.fail('it ran'), ask)
    await new Promise((resolve) => setImmediate(resolve))
    breaker.circuit.forceOpen()
    expect(await rejectionOf(another)).to.include({ code: 'ERR_CALL_NOT_PERMITTED' })
  })

  it('refuse a synchronous call that they would put off, and say for how long', () => {
    const { breaker } = costing({ rules: [queue] })
    breaker.reserve(ask).release()
    expect(thrownBy(() => breaker.reserve(ask))).to.include({ action: 'throttle', rule: 'queue', retryAfterMs: 20 })
    expect(breaker.snapshot().calls).to.deep.include({ delayed: 0, throttled: 1, total: 2 })
  })

  it('let an emergency through, which is audited; budgets do not', async () => {
    const { breaker, audited } = costing({ rules: [blockFrom(0, { emergencyOverride: true })] })
    await rejectionOf(breaker.execute(async () => 'answer', ask))
    expect(await breaker.execute(async () => 'answer', { ...ask, emergency: true })).to.equal('answer')
    expect(audited().slice(1, 3)).to.deep.equal(['overridden emergency 100', 'allowed none 100'])
    const refusal = await rejectionOf(breaker.execute(async () => 'answer', { ...ask, cost: 901, emergency: true }))
    expect(refusal).to.include({ code: 'ERR_BUDGET_EXCEEDED' })
  })

  it('let every call through while an emergency is declared, which ends by itself', async () => {
    const { breaker, audited, wallClock } = costing({ rules: [blockFrom(0, { emergencyOverride: true })] })
    breaker.declareEmergency(10_000)
    expect(breaker.snapshot().isEmergency).to.equal(true)
    expect(await breaker.execute(async () => 'answer', ask)).to.equal('answer')
    wallClock.pass(10_000)
    await rejectionOf(breaker.execute(async () => 'answer', ask))
    breaker.declareEmergency(10_000)
    breaker.endEmergency()
    await rejectionOf(breaker.execute(async () => 'answer', ask))
    expect(audited().filter((text) => text.includes('emergency'))).to.deep.equal([
      'overridden emergency 0',
      'overridden emergency 100',
      'overridden emergency 0',
      'alert emergency 0',
    ])
    expect(thrownBy(() => breaker.declareEmergency(0))).to.include({ field: 'forMs' })
  })

  it('that can’t be asked refuse or allow, as was chosen, and it is audited', async () => {
    const predicates = {
      enough: () => {
        throw new Error('broken')
      },
    }
    const strict = costing({ rules: [blockFrom(0)], predicates })
    const refusal = await rejectionOf(strict.breaker.execute(async () => 'answer', ask))
    expect(refusal).to.include({ code: 'ERR_COST_REFUSED', rule: 'enough' })
    expect(refusal.cause).to.include({ message: 'broken' })
    expect(strict.audited()).to.deep.equal(['alert rule-error 100', 'refused rule-error 100'])
    const lax = costing({ rules: [blockFrom(0)], predicates, onRuleError: 'allow' })
    expect(await lax.breaker.execute(async () => 'answer', ask)).to.equal('answer')
    expect(lax.audited()[0]).to.equal('alert rule-error 100')
  })

  it('by rate know what calls have cost, also those that failed', async () => {
    const rules: CostRule[] = [{ id: 'rate', threshold: { type: 'rate', amountPerHour: 149 }, action: 'block' }]
    const { breaker } = costing({ rules, costOfError: () => 50 })
    await breaker.execute(async () => 'answer', ask)
    await rejectionOf(breaker.execute(async () => Promise.reject(new Error('down')), ask))
    expect(await rejectionOf(breaker.execute(async () => 'answer', ask))).to.include({ rule: 'rate' })
    expect(breaker.snapshot().rulesInForce).to.deep.equal(['rate'])
  })
})
