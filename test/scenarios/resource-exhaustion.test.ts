import { expect } from 'chai'
import { commandFor, optionsFor } from '../../src/command.js'
import { caseNames } from '../../src/exhaustion.js'
import { type Plan, planSchema } from '../../src/plan.js'
import deadBackend from '../../src/scenarios/dead-backend.js'
import scenario from '../../src/scenarios/resource-exhaustion.js'
import { soakPlan } from '../../src/soak/course.js'

describe('resource-exhaustion', () => {
  it('makes a valid plan of every case, each with stages of its own', () => {
    const plan = scenario.plan({})
    expect(planSchema.parse(plan)).to.deep.equal(plan)
    expect(plan.exhaustion?.cases).to.deep.equal(caseNames)
    for (const name of caseNames) {
      const roles = plan.stages.filter((stage) => stage.case === name).map(({ role }) => role)
      expect(roles).to.deep.equal(['warm-up', 'warm-up', 'steady', 'outage', 'recovery', 'recovery', 'steady'])
    }
  })

  it('is held to the original’s marks', () => {
    expect(scenario.plan({}).marks).to.include({
      callsMin: 1000,
      descriptorsMax: 100,
      memoryGrowthMbMax: 75,
      latencyMsMeanMax: 1000,
      refusedFromErrorRate: 0.1,
    })
  })

  it('comes again from the options of its report’s command', () => {
    const said = [{}, { cases: ['cpu', 'disk'] as const }, { cases: ['worker-killed'] as const, kills: 2 }]
    for (const options of [...said, { durationMs: 700, workers: 3, inFlight: 9, timeoutMs: 99, target: 'opossum' }]) {
      const plan = scenario.plan(options)
      expect(scenario.plan(optionsFor(plan))).to.deep.equal(plan)
    }
    expect(commandFor(scenario.plan({ cases: ['cpu', 'disk'] }))).to.include(' --case cpu,disk')
    expect(commandFor(scenario.plan({}))).not.to.include('--case')
  })

  it('takes the length of what is used up', () => {
    const outages = scenario.plan({ durationMs: 700 }).stages.filter(({ role }) => role === 'outage')
    expect(new Set(outages.map(({ durationMs }) => durationMs))).to.deep.equal(new Set([700]))
  })

  it('asks a part of the cases for a part of the calls, and nothing of what ends its process', () => {
    expect(scenario.plan({ cases: ['disk'] }).marks.callsMin).to.equal(143)
    expect(scenario.plan({ cases: ['process-heap'] })).to.deep.include({ marks: {}, checkers: ['exhaustion'] })
  })

  it('refuses what none of its processes would heed', () => {
    expect(() => scenario.plan({ ratePerSecond: 5 })).to.throw(/ratePerSecond 5: resource-exhaustion /)
    expect(() => scenario.plan({ requests: 5 })).to.throw(/requests 5: .*say cases and durationMs/)
    expect(() => scenario.plan({ downstream: 'http' })).to.throw(/downstream "http": /)
    expect(() => scenario.plan({ cases: ['disk'], kills: 3 })).to.throw(/kills 3: .*worker-killed/)
    expect(() => scenario.plan({ kills: 0 })).to.throw(/kills 0: /)
    expect(() => scenario.plan({ cases: ['disk', 'disk'] })).to.throw(/exhaustion\.cases\.1 is "disk": each case once/)
    expect(() => soakPlan(scenario, {})).to.throw(/none can be soaked/)
  })

  it('is the only one that has cases', () => {
    expect(() => deadBackend.plan({ cases: ['disk'] })).to.throw(/cases \["disk"\]: dead-backend uses nothing up/)
  })

  describe('as a plan that somebody has changed', () => {
    const plan = scenario.plan({ cases: ['disk'] })
    const wrong: Record<string, [Partial<Plan>, string]> = {
      'a downstream that uses nothing': [{ downstream: { ...plan.downstream, kind: 'simulated' } }, 'downstream.kind'],
      'no exhaustion': [{ exhaustion: undefined }, 'downstream.kind'],
      'a case without stages': [{ exhaustion: { cases: ['disk', 'cpu'] } }, 'exhaustion.cases.1'],
      'a stage of no case': [
        { stages: [...plan.stages, { name: 'more', role: 'steady', durationMs: 1 }] },
        'stages.7.case',
      ],
    }
    for (const [what, [change, field]] of Object.entries(wrong)) {
      it(`refuses ${what}`, () => {
        const issues = planSchema.safeParse({ ...plan, ...change }).error?.issues ?? []
        expect(issues.map(({ path }) => path.join('.'))).to.include(field)
      })
    }
  })
})
