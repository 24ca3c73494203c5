import { expect } from 'chai'
import { find, names } from '../../src/catalog.js'
import { commandFor, optionsFor } from '../../src/command.js'
import { EngineError } from '../../src/engine.js'
import { firstMeasured, planSchema, type RunOptions } from '../../src/plan.js'
import extremeLoadAsync from '../../src/scenarios/extreme-load-async.js'
import extremeLoadSync from '../../src/scenarios/extreme-load-sync.js'
import memoryOverhead from '../../src/scenarios/memory-overhead.js'
import soakLeak from '../../src/scenarios/soak-leak.js'
import { soakParts, soakPlan } from '../../src/soak/course.js'

const rolesOf = (options: RunOptions) => soakParts('any', options).stages.map(({ role }) => role)

describe('the course of a soak', () => {
  it('rests before and after the bare loop, and after the soak', () => {
    expect(rolesOf({})).to.deep.equal(['warm-up', 'rest', 'reference', 'rest', 'steady', 'rest'])
  })

  it('is parted by as many rests as are asked for, each part as long', () => {
    const { stages } = soakParts('any', { durationMs: 30_000, soak: { between: 2 } })
    const soaked = stages.filter(({ role }) => role === 'steady')
    expect(soaked.map(({ name, durationMs }) => [name, durationMs])).to.deep.equal([
      ['soak 1', 10_000],
      ['soak 2', 10_000],
      ['soak 3', 10_000],
    ])
    expect(stages.slice(-2).map(({ name }) => name)).to.deep.equal(['soak 3', 'after'])
  })

  it('makes as many bare calls as calls, where their number is told', () => {
    const { stages } = soakParts('any', { requests: 500 })
    expect(stages.filter(({ requests }) => requests === 500).map(({ name }) => name)).to.deep.equal(['bare', 'soak'])
  })

  it('is measured from the soak on, rests and the bare loop apart', () => {
    const plan = soakLeak.plan({})
    expect(plan.stages[firstMeasured(plan)]?.name).to.equal('soak')
  })

  it('takes about 120 samples of whatever length, and a sample every 250 ms at most', () => {
    const every = (durationMs: number) => soakParts('any', { durationMs }).soak?.sampleEveryMs
    expect([every(3000), every(30_000), every(12 * 3_600_000)]).to.deep.equal([250, 250, 360_000])
  })

  it('takes no snapshots where none are wanted, else into profiles or the folder that was named', () => {
    const directory = (soak: RunOptions['soak']) => soakParts('any', { soak: soak ?? {} }).soak?.snapshotDirectory
    expect([directory({ snapshots: false }), directory({}), directory({ snapshotDirectory: 'here' })]).to.deep.equal([
      undefined,
      'profiles',
      'here',
    ])
  })

  it('refuses kills, parts by requests, and more samples than anybody needs', () => {
    refused({ kills: 3 }, /kills 3: any watches/)
    refused({ requests: 10, soak: { between: 1 } }, /requests 10: any can be parted by time alone/)
    refused({ soak: { between: 21 } }, /between is 21; allowed: a whole number from 0 to 20/)
    refused({ soak: { between: 0.5 } }, /between is 0.5/)
    refused({ durationMs: 3_600_000, soak: { sampleEveryMs: 100 } }, /sampleEveryMs is 100; allowed .*: 720 or more/)
  })
})

for (const scenario of [soakLeak, memoryOverhead]) {
  describe(`plan of ${scenario.name}`, () => {
    it('is valid without any option, and names checkers that exist', async () => {
      const plan = scenario.plan({})
      expect(planSchema.parse(plan)).to.deep.equal(plan)
      expect(await names('checkers')).to.include.members(plan.checkers)
      expect(plan.checkers).to.include('memory-overhead')
    })

    it('comes again from the options that a report’s command gives', () => {
      const soak = { snapshotDirectory: 'here', sampleEveryMs: 500 }
      for (const options of [{}, { durationMs: 5000, workers: 4, seed: 9, inFlight: 7 }, { durationMs: 9000, soak }]) {
        const plan = scenario.plan(options)
        expect(scenario.plan(optionsFor(plan))).to.deep.equal(plan)
      }
    })

    it('holds a call to the original’s 100 bytes', () => {
      expect(scenario.plan({}).marks.retainedBytesPerCallMax).to.equal(100)
    })
  })
}

describe('soak-leak', () => {
  it('is the original’s load at twenty times its rate, held to its marks: 30 s of calls that allocate 2 KB and wait 10–20 ms', () => {
    const plan = soakLeak.plan({})
    expect(plan.load).to.deep.equal({ model: 'open', ratePerSecond: 1000 })
    expect(plan.stages.find(({ role }) => role === 'steady')).to.include({ durationMs: 30_000 })
    expect(plan.downstream.behaviour).to.deep.include({ latency: { type: 'uniform', minMs: 10, maxMs: 20 } })
    expect(plan.marks).to.include({ retainedMbMax: 20, throughputPerSecondMin: 700 })
    expect(plan.payloadBytes).to.equal(2048)
  })

  it('goes as fast as it can where requests in flight are told and no rate', () => {
    expect(soakLeak.plan({ inFlight: 9 }).load).to.deep.equal({ model: 'closed', inFlight: 9 })
  })
})

describe('memory-overhead', () => {
  it('makes a million calls that return at once, unless a time is told', () => {
    const steady = (options: RunOptions) => memoryOverhead.plan(options).stages.find(({ role }) => role === 'steady')
    expect(steady({})).to.include({ requests: 1_000_000 })
    expect(steady({ requests: 10_000 })).to.include({ requests: 10_000 })
    expect(steady({ durationMs: 5000 }))
      .to.include({ durationMs: 5000 })
      .and.not.to.have.property('requests')
    expect(memoryOverhead.plan({}).downstream.behaviour.latency).to.deep.equal({ type: 'constant', ms: 0 })
  })

  it('looks for a trend where it is given the time', () => {
    expect(memoryOverhead.plan({}).checkers).not.to.include('leak-free')
    expect(memoryOverhead.plan({ durationMs: 60_000 }).checkers).to.include('leak-free')
    expect(soakLeak.plan({}).checkers).to.include('leak-free')
  })

  it('refuses a rate', () => {
    expect(() => memoryOverhead.plan({ ratePerSecond: 5 })).to.throw(EngineError, /ratePerSecond 5: .*inFlight/)
  })
})

describe('the soak of any scenario', () => {
  it('has its load, backend and breaker, and the course of a soak', () => {
    const own = extremeLoadAsync.plan({ inFlight: 30 })
    const plan = soakPlan(extremeLoadAsync, { inFlight: 30, durationMs: 6000, soak: { snapshots: false } })
    expect(plan).to.deep.include({ load: own.load, downstream: own.downstream, breaker: own.breaker, marks: {} })
    expect(plan.stages.map(({ role }) => role)).to.deep.equal(rolesOf({}))
  })

  it('goes at a rate, also where the scenario itself refuses one', () => {
    expect(soakPlan(extremeLoadSync, { workers: 2, ratePerSecond: 40 }).load).to.deep.equal({
      model: 'open',
      ratePerSecond: 40,
    })
  })

  it('is the scenario’s own, where that is a soak', () => {
    const options = { durationMs: 5000, ratePerSecond: 100 }
    expect(soakPlan(soakLeak, options)).to.deep.equal(soakLeak.plan(options))
  })

  it('comes again from the command of its report', async () => {
    const soak = { between: 1, sampleEveryMs: 300, snapshotDirectory: 'here' }
    const plan = soakPlan(await find('scenarios', 'dead-backend'), { durationMs: 8000, soak })
    expect(commandFor(plan)).to.match(
      /^npx busbar soak dead-backend .*--rate 40 --duration 8s .*--snapshot-dir here --between 1 --sample-every 300ms$/,
    )
    expect(soakPlan(await find('scenarios', 'dead-backend'), optionsFor(plan))).to.deep.equal(plan)
    expect(commandFor(soakLeak.plan({ soak: { snapshots: false } }))).to.match(/--no-snapshots --sample-every 250ms$/)
  })
})

function refused(options: RunOptions, message: RegExp): void {
  expect(() => soakParts('any', options)).to.throw(EngineError, message)
}
