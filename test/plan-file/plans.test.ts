import { join } from 'node:path'
import { expect } from 'chai'
import { find } from '../../src/catalog.js'
import type { Plan } from '../../src/plan.js'
import { type PlanFileFlags, plansOfFile } from '../../src/plan-file/plans.js'
import type { PlanFile } from '../../src/plan-file.js'
import { soakPlan } from '../../src/soak/course.js'
import { refusal, TemporaryFolder } from '../temporary-folder.js'

const scenario = 'extreme-load-async'
const checkerText = "export default { name: 'c', question: 'c?', check: () => ({ result: 'valid', summary: '' }) }"
const targetText = `export default { name: 't', description: 't', view: 'none',
  prepare: () => ({ handle: null, close() {} }), attach() {} }`

describe('the plans of a file', () => {
  const folder = new TemporaryFolder()
  before(() => folder.make())
  after(() => folder.remove())

  const read = async (file: PlanFile, flags: PlanFileFlags = {}) =>
    plansOfFile(await folder.write('plan.json', JSON.stringify(file)), flags)
  const plansFor = async (file: PlanFile, flags?: PlanFileFlags) => (await read(file, flags)).plans
  async function planFor(run: Partial<PlanFile['runs'][number]>, flags?: PlanFileFlags): Promise<Plan> {
    const [plan] = await plansFor({ version: 1, runs: [{ scenario, ...run }] }, flags)
    if (!plan) throw new Error('no plan')
    return plan
  }

  it('are what the scenario makes of the options, and the command that makes each again', async () => {
    const plan = await planFor({ workers: 3, inFlight: 30, requests: 70, seed: 5, timeout: '2s', targets: ['none'] })
    const options = { workers: 3, inFlight: 30, requests: 70, seed: 5, timeoutMs: 2000, target: 'none' }
    const command = ['run', join(folder.path, 'plan.json'), '--only', '1', '--target', 'none', '--seed', '5']
    expect(plan).to.deep.equal({ ...(await find('scenarios', scenario)).plan(options), command })
  })

  it('take every option of the command line', async () => {
    const [plan] = await plansFor({
      version: 1,
      defaults: { downstream: 'http', port: 8080, kills: 2, faults: ['outage@1s+1s'] },
      runs: [{ scenario: 'dead-backend', rate: 77, duration: '3s', profile: ['heap'], profileDir: 'here' }],
    })
    expect(plan?.downstream).to.deep.include({ kind: 'http', port: 8080 })
    expect(plan?.downstream.faults).to.deep.equal([{ fromMs: 1000, forMs: 1000, override: { errorRate: 1 } }])
    expect(plan).to.deep.include({
      kills: 2,
      load: { model: 'open', ratePerSecond: 77 },
      profile: { kinds: ['heap'], directory: 'here' },
    })
    expect(plan?.stages.find(({ role }) => role === 'outage')?.durationMs).to.equal(3000)
  })

  it('make a soak of any scenario, and say how it is done', async () => {
    const soak = { between: 2, sampleEvery: '500ms', snapshots: false }
    const options = { durationMs: 9000, target: 'shared' }
    const how = { between: 2, sampleEveryMs: 500, snapshots: false }
    for (const name of ['extreme-load-async', 'soak-leak']) {
      const { command: _, ...plan } = await planFor({ scenario: name, duration: '9s', soak, targets: ['shared'] })
      const { command: __, ...wanted } = soakPlan(await find('scenarios', name), { ...options, soak: how })
      expect(plan).to.deep.equal(wanted)
    }
    expect((await planFor({ soak: {} })).soak).to.include({ snapshotDirectory: 'profiles' })
  })

  it('refuse a soak that contradicts itself, stages or the scenario', async () => {
    const stages = [{ name: 's', role: 'steady' as const, duration: '1s' }]
    const messageOf = async (run: Partial<PlanFile['runs'][number]>) => (await refusal(planFor(run))).message
    expect(await messageOf({ soak: {}, stages })).to.match(/runs\[0\]\.soak .*not beside stages/)
    expect(await messageOf({ soak: { snapshots: false, snapshotDir: 'here' } })).to.match(
      /runs\[0\]\.soak\.snapshotDir is "here": not beside snapshots: false/,
    )
    expect(await messageOf({ soak: { between: 21 } })).to.match(/runs\[0\]\.soak\.between is 21/)
    expect(await messageOf({ soak: { between: 1 }, requests: 9 })).to.match(/requests 9: .*parted by time/)
  })

  it('take the cases of a scenario that uses resources up', async () => {
    const plan = await planFor({ scenario: 'resource-exhaustion', cases: ['disk', 'cpu'], targets: ['shared'] })
    expect(plan.exhaustion).to.deep.equal({ cases: ['disk', 'cpu'] })
  })

  it('are one for each target of each run, each target once', async () => {
    const plans = await plansFor({
      version: 1,
      defaults: { targets: ['none', 'shared', 'none'] },
      runs: [{ scenario }, { scenario: 'dead-backend', targets: ['all'] }],
    })
    expect(plans.map((plan) => `${plan.scenario} ${plan.target}`)).to.deep.equal([
      `${scenario} none`,
      `${scenario} shared`,
      'dead-backend shared',
      'dead-backend opossum',
      'dead-backend cockatiel',
    ])
  })

  it('have the defaults where a run says nothing else', async () => {
    const [usual, other] = await plansFor({
      version: 1,
      defaults: { workers: 3, seed: 9 },
      runs: [{ scenario }, { scenario, workers: 4 }],
    })
    expect(usual).to.include({ workers: 3, seed: 9 })
    expect(other).to.include({ workers: 4, seed: 9 })
  })

  it('have marks beside the scenario’s own, without those that are null', async () => {
    const { marks } = await planFor({ marks: { latencyMsP95Max: 7, efficiencyMin: null, successRateMin: 0.5 } })
    const { latencyMsP95Max: _, efficiencyMin: __, ...own } = (await find('scenarios', scenario)).plan({}).marks
    expect(marks).to.deep.equal({ ...own, latencyMsP95Max: 7, successRateMin: 0.5 })
  })

  it('have what is said of breaker and backend, and the rest from the scenario', async () => {
    const { breaker, downstream } = await planFor({
      breaker: { minimumCalls: 3, slidingWindow: { type: 'consecutive', size: 3 } },
      behaviour: { latency: '5ms', hangRate: 0.01 },
    })
    const usual = (await find('scenarios', scenario)).plan({})
    expect(breaker).to.deep.equal({
      ...usual.breaker,
      minimumCalls: 3,
      slidingWindow: { type: 'consecutive', size: 3 },
    })
    const latency = { type: 'constant', ms: 5 }
    expect(downstream.behaviour).to.deep.equal({ ...usual.downstream.behaviour, latency, hangRate: 0.01 })
  })

  it('are frozen to their leaves', async () => {
    const plan = await planFor({ stages: [{ name: 'a', role: 'steady', duration: '1s' }] })
    expect([plan, plan.marks, plan.stages[0], plan.command].every(Object.isFrozen)).to.equal(true)
  })

  describe('with stages of their own', () => {
    const stages: PlanFile['runs'][number]['stages'] = [
      { name: 'warm', role: 'warm-up', duration: '100ms' },
      { name: 'steady', role: 'steady', duration: '2s', requests: 50 },
      { name: 'out', role: 'outage', duration: '1s', behaviour: { errorRate: 1, latency: '1ms..2ms' } },
      { name: 'back', role: 'recovery', duration: '5s', untilCircuit: 'closed' },
    ]

    it('have them in place of the scenario’s', async () => {
      const latency = { type: 'uniform', minMs: 1, maxMs: 2 }
      expect((await planFor({ stages })).stages).to.deep.equal([
        { name: 'warm', role: 'warm-up', durationMs: 100 },
        { name: 'steady', role: 'steady', durationMs: 2000, requests: 50 },
        { name: 'out', role: 'outage', durationMs: 1000, override: { errorRate: 1, latency } },
        { name: 'back', role: 'recovery', durationMs: 5000, untilCircuit: 'closed' },
      ])
    })

    it('have loads of their own, of the kind that the run has', async () => {
      const of = async (own: object, run: object) => {
        const stage = { name: 's', role: 'steady' as const, duration: '1s', ...own }
        return (await planFor({ stages: [stage], ...run })).stages[0]?.load
      }
      const open = { scenario: 'dead-backend' }
      expect(await of({ inFlight: 7 }, {})).to.deep.equal({ model: 'closed', inFlight: 7 })
      expect(await of({ rate: 7 }, open)).to.deep.equal({ model: 'open', ratePerSecond: 7 })
      const ramp = { model: 'open', ratePerSecond: 7, toRatePerSecond: 70 }
      expect(await of({ rate: 7, toRate: 70 }, open)).to.deep.equal(ramp)
      expect((await refusal(of({ rate: 7 }, {}))).message).to.match(/stages\.0\.load\.model .*allowed: "closed"/)
      expect((await refusal(of({ toRate: 7 }, open))).message).to.match(/stages\[0\]\.toRate .*beside a rate/)
      expect((await refusal(of({ rate: 7, inFlight: 7 }, {}))).message).to.match(
        /stages\[0\]\.rate .*not beside inFlight/,
      )
    })

    it('rest where heaps are to be looked at, as a scenario’s do', async () => {
      const roles = (await planFor({ stages, profile: ['heap'] })).stages.map(({ role }) => role)
      expect(roles).to.deep.equal(['warm-up', 'rest', 'steady', 'outage', 'recovery', 'rest'])
    })

    it('last as long as the command line says, in what they judge first', async () => {
      const steadyFor = async (options: PlanFileFlags['options']) =>
        (await planFor({ stages }, { options: options ?? {} })).stages[1]
      expect(await steadyFor({ durationMs: 9 })).to.deep.equal({ name: 'steady', role: 'steady', durationMs: 9 })
      expect(await steadyFor({ requests: 7 })).to.include({ durationMs: 2000, requests: 7 })
      expect(await steadyFor({ requests: 7, durationMs: 9 })).to.include({ durationMs: 9, requests: 7 })
      const [, out, back] = (
        await planFor({ stages: stages.filter(({ role }) => role !== 'steady') }, { options: { durationMs: 9 } })
      ).stages
      expect([out?.durationMs, back?.durationMs]).to.deep.equal([9, 5000])
    })

    it('are not shortened by the defaults', async () => {
      const file = { version: 1 as const, defaults: { duration: '1ms', requests: 1 }, runs: [{ scenario, stages }] }
      expect((await plansFor(file))[0]?.stages[1]).to.include({ durationMs: 2000, requests: 50 })
    })
  })

  describe('beside flags', () => {
    it('have what the flags say, and say so in their command', async () => {
      const flags = { targets: ['none'], options: { workers: 2, inFlight: 5, seed: 3 } }
      const plan = await planFor({ name: 'mine', workers: 8, inFlight: 80, seed: 8, targets: ['all'] }, flags)
      expect(plan).to.deep.include({
        workers: 2,
        load: { model: 'closed', inFlight: 5 },
        seed: 3,
        target: 'none',
        name: 'mine',
      })
      const words = ['--only', 'mine', '--target', 'none', '--seed', '3', '--workers', '2', '--in-flight', '5']
      expect(plan.command?.slice(2)).to.deep.equal(words)
    })

    it('are those of one run, by its name or its number', async () => {
      const file: PlanFile = { version: 1, runs: [{ scenario, name: 'first' }, { scenario: 'data-race' }] }
      expect((await plansFor(file, { only: 'first' })).map((plan) => plan.scenario)).to.deep.equal([scenario])
      expect((await plansFor(file, { only: '2' })).map((plan) => plan.scenario)).to.deep.equal(['data-race'])
      const { code, message } = await refusal(plansFor(file, { only: 'third' }))
      expect(message).to.match(/^--only: "third" is no run of .*plan\.json; there are: 1 \(first\), 2$/)
      expect(code).to.equal('ERR_OPTION')
    })
  })

  describe('of a user’s own', () => {
    before(async () => {
      await folder.write('own/target.mjs', targetText)
      await folder.write('own/checker.mjs', checkerText)
      await folder.write('own/report=er.ts', 'export default {}')
    })

    it('have the absolute paths of what is seen from the file, and show it from the current folder', async () => {
      const plan = await planFor({ targets: ['./own/target.mjs'], checkers: ['pass-marks', 'own/checker.mjs'] })
      expect(plan.target).to.equal(join(folder.path, 'own/target.mjs'))
      expect(plan.checkers).to.deep.equal(['pass-marks', join(folder.path, 'own/checker.mjs')])
      expect(plan.command).to.include(join(folder.path, 'own/target.mjs'))
    })

    it('have reporters so, and their reports where they were to go', async () => {
      const reports = ['console', './own/report=er.ts=out/a=b.txt', 'json=reports/']
      const expected = ['console', `${join(folder.path, 'own/report=er.ts')}=out/a=b.txt`, 'json=reports/']
      expect((await read({ version: 1, reports, runs: [{ scenario }] })).reports).to.deep.equal(expected)
    })

    it('are refused if it is none, and told which field said so', async () => {
      const { code, message } = await refusal(planFor({ targets: ['./own/checker.mjs'] }))
      expect(message).to.match(
        /plan\.json:1:\d+: runs\[0\]\.targets: .*own\/checker\.mjs: the default export is no target: /,
      )
      expect(code).to.equal('ERR_PLUG_IN')
    })
  })

  const refused: Record<string, [run: Partial<PlanFile['runs'][number]>, line: RegExp]> = {
    'an unknown scenario': [
      { scenario: 'nope' },
      /runs\[0\]\.scenario: unknown scenario "nope"; there are: cost-budget, data-race, /,
    ],
    'an unknown target': [{ targets: ['x'] }, /runs\[0\]\.targets: unknown target "x"; there are: /],
    'an unknown checker': [
      { checkers: ['conservation', 'astrology'] },
      /runs\[0\]\.checkers\[1\]: unknown checker "astrology"; there are: /,
    ],
    'an option that the scenario has no use for, in the file’s word for it': [
      { rate: 5 },
      /plan\.json:\d+:\d+: runs\[0\]: rate 5: extreme-load-async keeps a number of requests in flight; say inFlight/,
    ],
  }
  for (const [what, [run, line]] of Object.entries(refused)) {
    it(`are refused for ${what}`, async () => {
      const { code, message } = await refusal(planFor(run))
      expect(message).to.match(line)
      expect(code).to.equal('ERR_PLAN_FILE')
    })
  }
})
