import { expect } from 'chai'
import { commandFor, optionsFor } from '../../src/command.js'
import { planSchema, type RunOptions } from '../../src/plan.js'
import costBudget from '../../src/scenarios/cost-budget.js'
import { spendingCases } from '../../src/spending.js'
import { run } from '../../src/stress.js'

async function verdictsOf(options: RunOptions): Promise<Record<string, string>> {
  const { verdicts } = await run(costBudget.plan(options))
  return Object.fromEntries(verdicts.map(({ checker, result }) => [checker, result]))
}

describe('cost-budget', () => {
  it('has the original’s calls, costs and marks', () => {
    const { load, stages, marks, spending, downstream } = costBudget.plan({})
    expect(load).to.deep.equal({ model: 'closed', inFlight: 50 })
    expect(stages.find(({ role }) => role === 'steady')?.requests).to.equal(1000)
    expect(downstream.behaviour).to.deep.include({ latency: { type: 'uniform', minMs: 1, maxMs: 10 }, errorRate: 0.01 })
    expect(spending?.cost).to.deep.equal({ min: 1000, max: 50_000 })
    expect(marks).to.deep.include({ throughputPerSecondMin: 20, memoryGrowthMbMax: 30, allowedRateMin: 0.6 })
  })

  it('makes a valid plan of every case, that its report’s command gives again', () => {
    for (const spending of spendingCases) {
      const plan = costBudget.plan({ spending })
      expect(planSchema.parse(plan)).to.deep.equal(plan)
      expect(costBudget.plan(optionsFor(plan)), spending).to.deep.equal(plan)
      expect(commandFor(plan)).to.contain(`--spending ${spending} --ledger reserve-settle`)
    }
  })

  it('has budgets that follow the number of calls', () => {
    const limits = (requests: number) => costBudget.plan({ requests }).spending?.budgets.map(({ limit }) => limit)
    expect(limits(1000)).to.deep.equal([22_950_000, 45_900_000])
    expect(limits(10)).to.deep.equal([229_500, 459_000])
  })

  it('refuses what means nothing to it', () => {
    expect(() => costBudget.plan({ ratePerSecond: 5 })).to.throw(/say inFlight/)
    expect(() => costBudget.plan({ spending: 'calendar', requests: 5 })).to.throw(/goes by the clock/)
    expect(() => costBudget.plan({ spending: 'calendar', ledger: 'one-lock' })).to.throw(/allowed: "reserve-settle"/)
    expect(() => costBudget.plan({ spending: 'kills', kills: 0 })).to.throw(/at least 1/)
  })

  describe('on real threads', function () {
    this.timeout(120_000)
    const spent = {
      'never-overspent': 'valid',
      'no-lost-cent': 'valid',
      'spending-marks': 'valid',
      conservation: 'valid',
    }

    it('overspends nothing, loses nothing and refuses nothing too early', async () => {
      expect(await verdictsOf({})).to.include(spent)
    })

    it('does so at a tenth of what its calls would cost, and when prices jump', async () => {
      expect(await verdictsOf({ spending: 'tenth', workers: 4, inFlight: 40, requests: 2000 })).to.include(spent)
      expect(await verdictsOf({ spending: 'jump', workers: 2, requests: 2000 })).to.include(spent)
    })

    it('does so when threads are killed', async () => {
      const options = { spending: 'kills', workers: 3, inFlight: 30, requests: 2000, kills: 3 } as const
      expect(await verdictsOf(options)).to.include(spent)
    })

    it('begins no period twice and misses none, over midnights, a month’s end and a day of 23 hours', async () => {
      expect(await verdictsOf({ spending: 'calendar', workers: 2 })).to.include(spent)
    })

    it('catches the original’s look and spend: it overspends', async () => {
      const verdicts = await verdictsOf({ ledger: 'check-then-spend' })
      expect(verdicts).to.include({ 'never-overspent': 'invalid', 'no-lost-cent': 'valid' })
    })

    it('finds nothing wrong with the original’s one lock but its pace', async () => {
      expect(await verdictsOf({ ledger: 'one-lock', requests: 300 })).to.include(spent)
    })
  })
})
