import { expect } from 'chai'
import { commandFor, optionsFor } from '../../src/command.js'
import { planSchema, type RunOptions, shapes } from '../../src/plan.js'
import degradation from '../../src/scenarios/degradation.js'
import extremeLoadAsync from '../../src/scenarios/extreme-load-async.js'

const loads = (options: RunOptions) => {
  const { stages } = degradation.plan(options)
  return stages.filter(({ role }) => role === 'steady').map(({ load }) => load)
}

describe('degradation', () => {
  it('goes through the original’s levels, held to its marks', () => {
    const levels = loads({}).map((load) => load?.model === 'closed' && load.inFlight)
    expect(levels).to.deep.equal([10, 25, 50, 100, 150, 200])
    const { marks, downstream } = degradation.plan({})
    expect(downstream.behaviour.latency).to.deep.equal({ type: 'constant', ms: 5 })
    expect(marks).to.deep.equal({
      throughputFallMax: 0.5,
      latencyRiseMax: 3,
      levelSuccessRateMin: 0.8,
      levelSuccessUpTo: 100,
      memoryGrowthMbMax: 50,
    })
  })

  it('makes a valid plan of every shape, that its report’s command gives again', () => {
    for (const shape of shapes) {
      const plan = degradation.plan({ shape, durationMs: 700 })
      expect(planSchema.parse(plan)).to.deep.equal(plan)
      expect(degradation.plan(optionsFor(plan))).to.deep.equal(plan)
      expect(commandFor(plan)).to.match(new RegExp(`--shape ${shape}\\b`))
    }
  })

  it('ramps from a tenth of the rate to the whole of it', () => {
    expect(loads({ shape: 'ramp', ratePerSecond: 500 })[1]).to.deep.equal({
      model: 'open',
      ratePerSecond: 50,
      toRatePerSecond: 500,
    })
  })

  it('comes back after a spike', () => {
    const rates = loads({ shape: 'spike', ratePerSecond: 500 }).map(
      (load) => load?.model === 'open' && load.ratePerSecond,
    )
    expect(rates).to.deep.equal([50, 500, 50])
  })

  it('takes other levels, a number of requests for each, and a rate as a ramp', () => {
    expect(loads({ levels: [1, 2] })).to.have.lengthOf(2)
    const [, level] = degradation.plan({ levels: [1], requests: 5 }).stages
    expect(level).to.include({ requests: 5 })
    expect(degradation.plan({ ratePerSecond: 9 }).shape).to.equal('ramp')
  })

  it('refuses what doesn’t go with its shape', () => {
    expect(() => degradation.plan({ inFlight: 5 })).to.throw(/inFlight 5: .*levels/)
    expect(() => degradation.plan({ shape: 'levels', ratePerSecond: 5 })).to.throw(/ratePerSecond 5: .*"levels"/)
    expect(() => degradation.plan({ shape: 'spike', levels: [5] })).to.throw(/levels \[5\]: .*"spike"/)
  })

  it('alone changes its load', () => {
    expect(() => extremeLoadAsync.plan({ levels: [5] })).to.throw(/levels \[5\]: .*degradation/)
    expect(() => extremeLoadAsync.plan({ shape: 'ramp' })).to.throw(/shape "ramp": .*degradation/)
  })

  it('has stages of the plan’s own model alone', () => {
    const plan = degradation.plan({})
    const mixed = { ...plan, load: { model: 'open', ratePerSecond: 5 } }
    const issue = planSchema.safeParse(mixed).error?.issues[0]
    expect(issue?.path).to.deep.equal(['stages', 1, 'load', 'model'])
  })
})
