import { expect } from 'chai'
import { thrownBy } from '../thrown-by.js'
import { costing, pending, rejectionOf } from './costing.js'

const ask = { operation: 'ask' }

describe('a call that costs money', () => {
  it('has its estimate reserved while it runs, and is charged what it says it has cost', async () => {
    const { breaker, status } = costing()
    const run = pending<string>()
    const call = breaker.execute(async ({ settle, estimate }) => {
      expect(estimate).to.equal(100)
      const result = await run.promise
      settle(70)
      return result
    }, ask)
    expect(status()).to.deep.equal({ committed: 100, reserved: 100, spent: 0 })
    run.resolve('answer')
    expect(await call).to.equal('answer')
    expect(status()).to.deep.equal({ committed: 70, reserved: 0, spent: 70 })
  })

  it('is charged what costOf says of its result', async () => {
    const { breaker, status } = costing({ costOf: (result) => (result as { used: number }).used })
    await breaker.execute(async () => ({ used: 33 }), ask)
    expect(status()).to.deep.equal({ committed: 33, reserved: 0, spent: 33 })
  })

  it('is charged its estimate if nobody says what it has cost', async () => {
    const { breaker, status } = costing({ costOf: () => undefined })
    await breaker.execute(async () => 'answer', ask)
    await breaker.execute(async () => 'answer', { ...ask, cost: 17 })
    expect(status()).to.deep.equal({ committed: 117, reserved: 0, spent: 117 })
  })

  it('is charged nothing if it fails, and the audit says so', async () => {
    const { breaker, status, audited } = costing()
    const error = await rejectionOf(breaker.execute(async () => Promise.reject(new Error('down')), ask))
    expect(error.message).to.equal('down')
    expect(status()).to.deep.equal({ committed: 0, reserved: 0, spent: 0 })
    expect(audited()).to.deep.equal(['allowed none 100', 'released failed 100'])
    expect(breaker.circuit.snapshot().total.error).to.equal(1)
  })

  it('is charged what costOfError says if it fails', async () => {
    const { breaker, status, audited } = costing({ costOfError: (error) => (error as { used: number }).used })
    await rejectionOf(breaker.execute(async () => Promise.reject({ used: 40 }), ask))
    expect(status()).to.deep.equal({ committed: 40, reserved: 0, spent: 40 })
    expect(audited()).to.deep.equal(['allowed none 100', 'settled failed 40'])
    // Which says nothing about what the next one will cost.
    expect(breaker.reserve(ask).estimate).to.equal(100)
  })

  it('is charged what it said even if it fails afterwards', async () => {
    const { breaker, status } = costing()
    const failing = breaker.execute(async ({ settle }) => {
      settle(60)
      throw new Error('afterwards')
    }, ask)
    await rejectionOf(failing)
    expect(status()).to.deep.equal({ committed: 60, reserved: 0, spent: 60 })
  })

  it('can say what it has cost once only', async () => {
    const { breaker, status } = costing()
    const twice = breaker.execute(async ({ settle }) => {
      settle(60)
      settle(60)
    }, ask)
    expect(await rejectionOf(twice)).to.include({ code: 'ERR_RESERVATION_ENDED' })
    expect(status().spent).to.equal(60)
  })

  it('keeps its result, and is charged its estimate, where costOf throws or gives no amount', async () => {
    for (const costOf of [() => Number.NaN, () => -1, () => 0.5]) {
      const { breaker, status } = costing({ costOf })
      expect(await breaker.execute(async () => 'answer', ask)).to.equal('answer')
      expect(status().spent).to.equal(100)
    }
    const { breaker, status } = costing({
      costOf: () => {
        throw new Error('no usage')
      },
    })
    expect(await breaker.execute(async () => 'answer', ask)).to.equal('answer')
    expect(status().spent).to.equal(100)
  })

  it('is estimated by what such calls have cost', async () => {
    const { breaker } = costing()
    await breaker.execute(async ({ settle }) => settle(50), ask)
    await breaker.execute(async ({ estimate }) => expect(estimate).to.equal(50), ask)
    expect(breaker.snapshot().accuracy.ask?.estimates).to.equal(2)
  })

  it('goes on spending after its timeout: it is charged when it ends, not when its caller stops waiting', async () => {
    const { breaker, status } = costing()
    const run = pending<void>()
    let aborted = false
    const call = breaker.execute(
      async ({ signal, settle }) => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
        await run.promise
        settle(80)
      },
      { ...ask, timeoutMs: 5 },
    )
    expect(await rejectionOf(call)).to.include({ code: 'ERR_CALL_TIMEOUT' })
    expect(aborted).to.equal(true)
    expect(status()).to.deep.equal({ committed: 100, reserved: 100, spent: 0 })
    run.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    expect(status()).to.deep.equal({ committed: 80, reserved: 0, spent: 80 })
  })

  it('is charged anew, and audited, if its reservation has expired', async () => {
    const { breaker, status, audited, wallClock } = costing()
    const run = pending<void>()
    const call = breaker.execute(async ({ settle }) => {
      await run.promise
      settle(90)
    }, ask)
    wallClock.pass(61_000)
    breaker.ledger.expire()
    expect(status()).to.deep.equal({ committed: 0, reserved: 0, spent: 0 })
    run.resolve()
    await call
    expect(status()).to.deep.equal({ committed: 90, reserved: 0, spent: 90 })
    expect(audited()).to.deep.equal(['allowed none 100', 'settled-late lease 90'])
    expect(breaker.snapshot().calls.late).to.equal(1)
  })

  it('that costs more than there is room for is overrun, and told', async () => {
    const { breaker, audited } = costing()
    await breaker.execute(async ({ settle }) => settle(1500), ask)
    expect(breaker.snapshot().cost).to.deep.equal({ estimated: 100, actual: 1500, overrun: 500, savings: 0 })
    expect(audited()).to.deep.equal(['allowed none 100', 'settled budget 1500'])
  })

  it('is refused by a budget that has no room, which leaves nothing behind', async () => {
    const { breaker, status, audited } = costing()
    await breaker.execute(async ({ settle }) => settle(950), ask)
    const before = breaker.circuit.snapshot().total
    const refusal = await rejectionOf(breaker.execute(async () => expect.fail('it ran'), { ...ask, cost: 51 }))
    expect(refusal).to.include({
      code: 'ERR_BUDGET_EXCEEDED',
      budget: 'day',
      committed: 950,
      limit: 1000,
      requested: 51,
    })
    expect(refusal.retryAfterMs).to.equal(12 * 3_600_000)
    expect(status()).to.deep.equal({ committed: 950, reserved: 0, spent: 950 })
    expect(breaker.circuit.snapshot().total).to.deep.equal({ ...before, ignored: before.ignored + 1 })
    expect(audited().at(-1)).to.equal('refused budget 51')
  })

  it('is refused by an open circuit before anything else is asked', async () => {
    const { breaker, status, audited } = costing({
      rules: [{ id: 'dear', threshold: { type: 'single-operation', amount: 0 }, action: 'alert' }],
    })
    breaker.circuit.forceOpen()
    const refusal = await rejectionOf(breaker.execute(async () => 'answer', ask))
    expect(refusal).to.include({ code: 'ERR_CALL_NOT_PERMITTED', state: 'forced-open' })
    expect(status().committed).to.equal(0)
    expect(audited()).to.deep.equal([])
    expect(breaker.snapshot().calls).to.deep.include({ total: 1, blocked: 1, costBlocked: 0 })
  })

  it('gives the one probe of a half-open circuit back when it is refused for cost', async () => {
    const { breaker, clock } = costing({
      circuit: {
        slidingWindow: { type: 'consecutive', size: 1 },
        waitDurationInOpenStateMs: 1000,
        permittedNumberOfCallsInHalfOpenState: 1,
      },
    })
    await rejectionOf(breaker.execute(async () => Promise.reject(new Error('down')), ask))
    clock.pass(1001)
    await rejectionOf(breaker.execute(async () => 'answer', { ...ask, cost: 1001 }))
    expect(breaker.state).to.equal('half-open')
    await breaker.execute(async () => 'answer', ask)
    expect(breaker.state).to.equal('closed')
  })

  it('asks its fallback for a result when it is refused, by whatever, and not when it fails', async () => {
    const { breaker } = costing()
    const fallback = (refusal: Error) => refusal.name
    const options = { ...ask, cost: 2000, fallback }
    expect(await breaker.execute(async () => 'answer', options)).to.equal('BudgetExceededError')
    expect(breaker.executeSync(() => 'answer', options)).to.equal('BudgetExceededError')
    const failing = breaker.execute(async () => Promise.reject(new Error('down')), { ...ask, fallback })
    expect((await rejectionOf(failing)).message).to.equal('down')
    breaker.circuit.forceOpen()
    expect(await breaker.execute(async () => 'answer', options)).to.equal('CallNotPermittedError')
  })

  it('of an unknown operation, or with a cost that is none, is a mistake that takes nothing', async () => {
    const { breaker, audited } = costing()
    for (const request of [
      { operation: 'sing' },
      { ...ask, cost: -1 },
      { ...ask, account: 'a', accounts: ['b'] },
      { ...ask, accounts: ['a', 'a'] },
      { ...ask, accounts: [] },
    ]) {
      await rejectionOf(breaker.execute(async () => expect.fail('it ran'), request))
    }
    expect(audited()).to.deep.equal([])
    expect(breaker.circuit.snapshot().total.ignored).to.equal(0)
  })

  it('is refused after detach, and what is under way then is still charged', async () => {
    const { breaker, world } = costing()
    const run = pending<void>()
    const call = breaker.execute(async ({ settle }) => {
      await run.promise
      settle(25)
    }, ask)
    breaker.detach()
    expect(await rejectionOf(breaker.execute(async () => 'answer', ask))).to.include({ code: 'ERR_DETACHED' })
    run.resolve()
    await call
    const { CostCircuitBreaker } = await import('../../../src/budget/cost/cost-circuit-breaker.js')
    const other = CostCircuitBreaker.attach(breaker.handle, { onRuleError: 'refuse' }, world)
    expect(other.snapshot().cost.actual).to.equal(25)
    expect(other.ledger.account().status().budgets[0]).to.include({ spent: 25, reserved: 0 })
  })
})

describe('a synchronous call that costs money', () => {
  it('is reserved, run and settled', () => {
    const { breaker, status } = costing()
    expect(breaker.executeSync(({ settle }) => settle(20), ask)).to.equal(undefined)
    expect(status()).to.deep.equal({ committed: 20, reserved: 0, spent: 20 })
    expect(thrownBy(() => breaker.executeSync(() => 'answer', { ...ask, cost: 2000 }))).to.include({
      code: 'ERR_BUDGET_EXCEEDED',
    })
    thrownBy(() =>
      breaker.executeSync(() => {
        throw new Error('down')
      }, ask),
    )
    expect(status().committed).to.equal(20)
  })
})
