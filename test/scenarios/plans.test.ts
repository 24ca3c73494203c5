import { expect } from 'chai'
import { names } from '../../src/catalog.js'
import { optionsFor } from '../../src/command.js'
import { EngineError } from '../../src/engine.js'
import { planSchema, type RunOptions } from '../../src/plan.js'
import type { Scenario } from '../../src/scenario.js'
import deadBackend from '../../src/scenarios/dead-backend.js'
import extremeLoadAsync from '../../src/scenarios/extreme-load-async.js'
import extremeLoadSync from '../../src/scenarios/extreme-load-sync.js'

const scenarios = { deadBackend, extremeLoadAsync, extremeLoadSync }

for (const scenario of Object.values(scenarios)) {
  describe(`plan of ${scenario.name}`, () => {
    it('is valid without any option', () => {
      const plan = scenario.plan({})
      expect(planSchema.parse(plan)).to.deep.equal(plan)
      expect(plan).to.include({ scenario: scenario.name, target: scenario.targets[0], kills: 0 })
    })

    it('is frozen to its leaves', () => {
      const faults = [{ fromMs: 0, forMs: 1, override: { errorRate: 1 } }]
      expect(everyPart(scenario.plan({ faults }), Object.isFrozen)).to.equal(true)
    })

    it('leaves the user’s own objects as they were', () => {
      const faults = [{ fromMs: 0, forMs: 1, override: { errorRate: 1 } }]
      scenario.plan({ faults })
      expect(Object.isFrozen(faults) || Object.isFrozen(faults[0])).to.equal(false)
    })

    it('takes the options that every scenario has', () => {
      const faults = [{ fromMs: 10, forMs: 20, override: { hangRate: 0.5 } }]
      const options = {
        target: 'mine',
        seed: -5,
        workers: 3,
        timeoutMs: 77,
        kills: 2,
        profileDirectory: 'here',
        faults,
      }
      const plan = scenario.plan(options)
      expect(plan).to.include({
        target: 'mine',
        seed: -5,
        workers: 3,
        timeoutMs: 77,
        kills: 2,
      })
      expect(plan.profile).to.deep.equal({ kinds: ['cpu'], directory: 'here' })
      expect(plan.downstream.faults).to.deep.equal(faults)
    })

    it('rests after its warm-up and at its end where heaps are to be looked at, and is else the same', () => {
      const [usual, resting] = [scenario.plan({}), scenario.plan({ profile: ['heap'] })]
      const roles = resting.stages.map(({ role }) => role)
      expect(roles.filter((role) => role === 'rest')).to.have.length(2)
      expect(roles.at(-1)).to.equal('rest')
      expect(roles.indexOf('rest')).to.equal(usual.stages.filter(({ role }) => role === 'warm-up').length)
      const stages = resting.stages.filter(({ role }) => role !== 'rest')
      expect({ ...resting, stages }).to.deep.equal({ ...usual, profile: { kinds: ['heap'], directory: 'profiles' } })
    })

    it('comes again from the options that a report’s command gives', () => {
      for (const options of [{}, { requests: 70, workers: 4, seed: 9 }, { durationMs: 1234 }] satisfies RunOptions[]) {
        const plan = scenario.plan(options)
        expect(scenario.plan(optionsFor(plan))).to.deep.equal(plan)
      }
    })

    it('names checkers that exist', async () => {
      expect(await names('checkers')).to.include.members(scenario.plan({}).checkers)
    })

    it('refuses a value that no plan may have, naming the field, the value and what is allowed', () => {
      expectRefusal(scenario, { workers: 0 }, /workers is 0: .*>=1/)
      expectRefusal(scenario, { workers: 2.5 }, /workers is 2.5: .*int/)
      expectRefusal(scenario, { seed: 2 ** 40 }, /seed is 1099511627776: .*<=2147483647/)
      expectRefusal(scenario, { timeoutMs: -1 }, /timeoutMs is -1: .*>=0/)
      expectRefusal(scenario, { requests: 0 }, /requests is 0: .*>0/)
      const override = { errorRate: 2 }
      expectRefusal(
        scenario,
        { faults: [{ fromMs: 0, forMs: 1, override }] },
        /faults\.0\.override\.errorRate is 2: .*<=1/,
      )
    })

    it('refuses a port that no server would use', () => {
      expectRefusal(scenario, { port: 8080 }, /port 8080: .*http/)
    })
  })
}

describe('extreme-load-async', () => {
  it('is at least the original’s load, held to its marks', () => {
    const plan = extremeLoadAsync.plan({})
    expect(plan.load).to.deep.equal({ model: 'closed', inFlight: 150 })
    expect(plan.stages.find(({ role }) => role === 'steady')).to.include({ requests: 1500 })
    expect(plan.downstream.behaviour).to.deep.include({
      latency: { type: 'uniform', minMs: 1, maxMs: 10 },
      errorRate: 0.05,
    })
    expect(plan.marks).to.deep.equal({
      throughputPerSecondMin: 100,
      latencyMsP95Max: 100,
      memoryGrowthMbMax: 100,
      processedRateMin: 0.8,
      efficiencyMin: 0.9,
    })
  })

  it('scales to a million requests with 2,000 in flight', () => {
    const plan = extremeLoadAsync.plan({ requests: 1_000_000, inFlight: 2000 })
    expect(plan.load).to.deep.equal({ model: 'closed', inFlight: 2000 })
    expect(plan.stages.find(({ role }) => role === 'steady')).to.include({ requests: 1_000_000 })
  })

  it('gives few clients the time that their requests take', () => {
    const [, , steady] = extremeLoadAsync.plan({ requests: 100_000, inFlight: 1 }).stages
    expect(steady?.durationMs).to.be.at.least(100_000 * 10)
  })

  it('measures the bare loop before and after the steady stage; then come an outage and the recovery', () => {
    const roles = extremeLoadAsync.plan({}).stages.map(({ role }) => role)
    expect(roles).to.deep.equal(['warm-up', 'reference', 'steady', 'reference', 'outage', 'recovery'])
  })

  it('lasts as long as it is told, instead of counting requests', () => {
    const [, , steady] = extremeLoadAsync.plan({ durationMs: 3000 }).stages
    expect(steady).to.deep.include({ durationMs: 3000 })
    expect(steady).not.to.have.property('requests')
  })

  it('ends with the first of duration and requests, if told both', () => {
    const [, , steady] = extremeLoadAsync.plan({ durationMs: 3000, requests: 50 }).stages
    expect(steady).to.include({ durationMs: 3000, requests: 50 })
  })

  it('goes over HTTP, where efficiency is no mark of the breaker', () => {
    const plan = extremeLoadAsync.plan({ downstream: 'http', port: 8080 })
    expect(plan.downstream).to.include({ kind: 'http', port: 8080 })
    expect(plan.marks).not.to.have.property('efficiencyMin')
  })

  it('refuses a rate', () => {
    expectRefusal(extremeLoadAsync, { ratePerSecond: 10 }, /ratePerSecond 10: .*inFlight/)
  })
})

describe('extreme-load-sync', () => {
  it('is at least the original’s load, held to its marks', () => {
    const plan = extremeLoadSync.plan({})
    expect(plan).to.include({ workers: 100, operation: 'blocking' })
    expect(plan.load).to.deep.equal({ model: 'closed', inFlight: 100 })
    expect(plan.stages.find(({ role }) => role === 'steady')).to.include({ requests: 100_000 })
    expect(plan.marks).to.deep.equal({
      throughputPerSecondMin: 50,
      memoryGrowthMbMax: 50,
      processedRateMin: 0.7,
      efficiencyMin: 0.9,
    })
  })

  it('has one request in flight a thread, whichever of the two is told', () => {
    for (const options of [{ workers: 8 }, { inFlight: 8 }, { workers: 8, inFlight: 8 }]) {
      const plan = extremeLoadSync.plan(options)
      expect(plan.workers).to.equal(8)
      expect(plan.load).to.deep.equal({ model: 'closed', inFlight: 8 })
    }
  })

  it('refuses more or fewer in flight than threads', () => {
    expectRefusal(extremeLoadSync, { workers: 8, inFlight: 50 }, /inFlight 50: .*workers 8/)
  })

  it('refuses HTTP and a rate', () => {
    expectRefusal(extremeLoadSync, { downstream: 'http' }, /downstream "http": .*simulated/)
    expectRefusal(extremeLoadSync, { ratePerSecond: 10 }, /ratePerSecond 10: .*workers/)
  })
})

describe('dead-backend', () => {
  it('sends 40 calls a second over 8 workers to a backend that fails all', () => {
    const plan = deadBackend.plan({})
    expect(plan.workers).to.equal(8)
    expect(plan.load).to.deep.equal({ model: 'open', ratePerSecond: 40 })
    expect(plan.downstream.behaviour.errorRate).to.equal(1)
    expect(plan.breaker).to.deep.include({
      slidingWindow: { type: 'time', durationMs: 10_000, buckets: 10 },
      failureRateThreshold: 0.5,
      minimumCalls: 20,
    })
  })

  it('gives a breaker of its own in each worker the time to see its minimum of calls', () => {
    const { workers, breaker, stages } = deadBackend.plan({})
    expect(((stages[0]?.durationMs ?? 0) / 1000) * (40 / workers)).to.be.above(breaker.minimumCalls)
  })

  it('takes a rate, a duration, a number of requests and HTTP', () => {
    const plan = deadBackend.plan({ ratePerSecond: 4000, durationMs: 2000, requests: 500, downstream: 'http' })
    expect(plan.load).to.deep.equal({ model: 'open', ratePerSecond: 4000 })
    expect(plan.stages[0]).to.include({ role: 'outage', durationMs: 2000, requests: 500 })
    expect(plan.downstream.kind).to.equal('http')
  })

  it('refuses a number in flight', () => {
    expectRefusal(deadBackend, { inFlight: 5 }, /inFlight 5: .*ratePerSecond/)
  })
})

function expectRefusal(scenario: Scenario, options: RunOptions, message: RegExp): void {
  expect(() => scenario.plan(options))
    .to.throw(EngineError, message)
    .that.satisfies(({ code, message: line }: EngineError) => code === 'ERR_PLAN' && !line.includes('\n'))
}

function everyPart(value: unknown, holds: (part: object) => boolean): boolean {
  if (typeof value !== 'object' || value === null) return true
  return holds(value) && Object.values(value).every((part) => everyPart(part, holds))
}
