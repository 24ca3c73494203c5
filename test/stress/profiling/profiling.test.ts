import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect } from 'chai'
import type { Evidence } from '../../../src/evidence.js'
import type { ProfileKind } from '../../../src/plan.js'
import { analyseProfiles } from '../../../src/profiler/analysis/analysis.js'
import { readProfiles } from '../../../src/profiler/analysis/read-profiles.js'
import { stressEngine } from '../../../src/stress/coordinator.js'
import { find, run } from '../../../src/stress.js'
import { smallPlan } from '../fixtures/plans.js'

const threadOf = (file: string) => basename(file).split('.')[3]

describe('stress: profiles of a run', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-profiling-'))
  })
  afterEach(() => rm(folder, { recursive: true }))
  const profile = (...kinds: ProfileKind[]) => ({ kinds, directory: join(folder, 'profiles') })

  it('are one of each kind and thread, named by scenario, target, run, thread and kind', async () => {
    const { profiles } = await stressEngine.run(smallPlan({ profile: profile('cpu', 'allocation') }))
    const names = profiles.map((file) => basename(file).replace(/\.\d{8}-\d{6}-\d{3}\./, '.<run>.'))
    expect(names).to.deep.equal([
      'small.none.<run>.coordinator.cpuprofile',
      'small.none.<run>.coordinator.heapprofile',
      'small.none.<run>.worker-0.cpuprofile',
      'small.none.<run>.worker-0.heapprofile',
      'small.none.<run>.worker-1.cpuprofile',
      'small.none.<run>.worker-1.heapprofile',
    ])
    expect((await readdir(join(folder, 'profiles'))).toSorted()).to.deep.equal(profiles.map((file) => basename(file)))
    expect(await readProfiles(profiles)).to.have.length(6)
  })

  it('that can’t be written leave the run and its verdict as they are, and are said', async () => {
    await writeFile(join(folder, 'profiles'), '')
    const scenario = await find('scenarios', 'dead-backend')
    const plan = scenario.plan({
      workers: 2,
      ratePerSecond: 400,
      durationMs: 300,
      profile: ['cpu', 'heap', 'allocation'],
      profileDirectory: join(folder, 'profiles'),
    })
    const { result, evidence } = await run(plan)
    expect(result).to.equal('valid')
    expect(evidence.profiles).to.deep.equal([])
    for (const what of ['cpu profile', 'allocation profile', 'heap snapshot']) {
      for (const thread of ['coordinator', 'worker-0', 'worker-1']) {
        expect(evidence.notes.some((note) => note.startsWith(`no ${what} of ${thread}: `))).to.equal(true)
      }
    }
  }).timeout(60_000)

  it('are none where the plan asks for none', async () => {
    const { profiles, pauses } = await stressEngine.run(smallPlan())
    expect(profiles).to.deep.equal([])
    expect(pauses).to.equal(undefined)
  })
})

describe('stress: eight workers and the coordinator, profiled in every way at once @stress', function () {
  this.timeout(300_000)
  let folder = ''
  let evidence: Evidence
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-profiling-'))
    const scenario = await find('scenarios', 'extreme-load-async')
    const profile = ['cpu', 'heap', 'allocation'] as const
    const options = { workers: 8, inFlight: 64, durationMs: 1500, profile, profileDirectory: folder }
    evidence = await stressEngine.run(scenario.plan(options))
  })
  after(() => rm(folder, { recursive: true }))

  it('leave four files a thread, and no half of one', async () => {
    const threads = ['coordinator', ...Array.from({ length: 8 }, (_, worker) => `worker-${worker}`)]
    const kinds = ['after.heapsnapshot', 'before.heapsnapshot', 'cpuprofile', 'heapprofile']
    const wanted = threads.flatMap((thread) => kinds.map((kind) => `${thread}.${kind}`))
    expect(evidence.profiles.map((file) => basename(file).split('.').slice(3).join('.'))).to.deep.equal(wanted)
    expect((await readdir(folder)).toSorted()).to.deep.equal(evidence.profiles.map((file) => basename(file)))
  })

  it('have a load in them: each worker’s samples are of the breaker too', async () => {
    const [cpu, allocation] = analyseProfiles(await readProfiles(evidence.profiles))
    const workers = cpu?.threads.filter(({ thread }) => thread !== 'coordinator') ?? []
    expect(workers).to.have.length(8)
    for (const { functions } of workers) {
      expect(functions.some(({ category }) => category === 'breaker')).to.equal(true)
      expect(functions.some(({ file }) => file === 'src/stress/load/closed.js')).to.equal(true)
    }
    expect(allocation?.threads).to.have.length(9)
  })

  it('hold the heap of the thread that each snapshot is named after, which the load has left complete', async () => {
    for (const file of evidence.profiles.filter((name) => name.endsWith('.heapsnapshot'))) {
      const { snapshot, nodes, strings } = JSON.parse(await readFile(file, 'utf8'))
      expect(nodes).to.have.lengthOf(snapshot.node_count * snapshot.meta.node_fields.length)
      // A coordinator has a crew; a worker has the breaker that it attached to.
      const own = threadOf(file) === 'coordinator' ? 'Crew' : 'SharedCircuitBreaker'
      expect(strings).to.include(own)
    }
  })

  it('cost pauses, which are told of each thread and are in no latency', () => {
    expect(evidence.pauses).to.have.length(9)
    const least = Math.min(...(evidence.pauses ?? []).map(({ pauseMs }) => pauseMs))
    expect(least).to.be.above(0)
    const rests = evidence.stages.filter(({ role }) => role === 'rest')
    expect(rests.map(({ name, started }) => `${name} ${started}`)).to.deep.equal(['before 0', 'after 0'])
  })
})

describe('stress: profiles of a run whose workers are killed @stress', () => {
  it('are taken by node:inspector, which is said; those of the killed are lost, which is said', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'busbar-profiling-'))
    const stages = [{ name: 'steady', role: 'steady', durationMs: 500 }] as const
    const kinds: ProfileKind[] = ['cpu', 'allocation']
    const plan = smallPlan({ kills: 3, workers: 4, stages: [...stages], profile: { kinds, directory: folder } })
    const { notes, profiles, workers } = await stressEngine.run(plan)
    const killed = workers.filter(({ end, worker }) => end === 'killed' && worker < 4)
    expect(notes.filter((note) => note.startsWith('node:inspector takes the profiles'))).to.have.length(1)
    for (const { worker } of killed) {
      expect(notes).to.include(`no cpu profile of worker-${worker}: it was killed`)
      expect(notes).to.include(`no allocation profile of worker-${worker}: it was killed`)
    }
    expect(profiles).to.have.length(2 * (5 - killed.length))
    expect(profiles.every((file) => existsSync(file))).to.equal(true)
    await rm(folder, { recursive: true })
  }).timeout(60_000)
})
