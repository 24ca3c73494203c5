import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { find } from '../../../src/catalog.js'
import type { Evidence, SoakThread } from '../../../src/evidence.js'
import { judge } from '../../../src/judge.js'
import type { Plan, RunOptions } from '../../../src/plan.js'
import soakLeak from '../../../src/scenarios/soak-leak.js'
import { soakPlan } from '../../../src/soak/course.js'
import { suspectsOf } from '../../../src/soak/suspects.js'
import { stressEngine } from '../../../src/stress/coordinator.js'

const short: RunOptions = { durationMs: 1500, ratePerSecond: 400 }

/** Warm-up and bare loop are long beside a soak as short as this. */
function hurried(plan: Plan): Plan {
  const stages = plan.stages.map((stage) => (stage.role === 'warm-up' ? { ...stage, durationMs: 300 } : stage))
  return { ...plan, stages }
}

const stagesOf = ({ plan }: Evidence, { rests }: SoakThread) => rests.map(({ stage }) => plan.stages[stage]?.name)

describe('stress: a soak @stress', function () {
  this.timeout(180_000)
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'busbar-soaking-'))
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('looks at every thread in every rest, and each samples itself in between', async () => {
    const evidence = await stressEngine.run(hurried(soakLeak.plan({ ...short, soak: { snapshots: false } })))
    const threads = evidence.soak?.threads ?? []
    expect(threads.map(({ thread }) => thread)).to.deep.equal(['coordinator', 'worker-0', 'worker-1'])
    for (const thread of threads) {
      expect(stagesOf(evidence, thread)).to.deep.equal(['settled', 'before', 'after'])
      expect(thread.samples.some(({ stage }) => evidence.plan.stages[stage]?.role === 'steady')).to.equal(true)
      expect(thread.samples.some(({ stage }) => evidence.plan.stages[stage]?.role === 'rest')).to.equal(false)
      for (const { usedBytes, objects, resources } of thread.rests) {
        expect(usedBytes).to.be.above(1e6)
        expect(objects?.Map).to.be.above(0)
        expect(resources.listeners).to.be.above(0)
      }
    }
    expect(evidence.notes).to.deep.equal([])
  })

  it('starts no call in a rest, and makes bare calls in the reference stage of an open load', async () => {
    const { stages, downstream } = await stressEngine.run(
      hurried(soakLeak.plan({ ...short, soak: { snapshots: false } })),
    )
    const rests = stages.filter(({ role }) => role === 'rest')
    expect(rests.map(({ started }) => started)).to.deep.equal([0, 0, 0])
    const bare = stages.findIndex(({ role }) => role === 'reference')
    expect(stages[bare]?.started).to.equal(0)
    expect(downstream.receivedByStage[bare]).to.be.above(100)
  })

  it('writes a snapshot of each thread before and after, keeps no other, and names who holds what is new', async () => {
    const options = { ...short, target: 'leaking/array-per-call', soak: { snapshotDirectory: folder } }
    const evidence = await stressEngine.run(hurried(soakLeak.plan(options)))
    const files = (await readdir(folder)).map((file) => file.split('.').slice(-3).join('.'))
    expect(files.sort()).to.deep.equal(
      ['coordinator', 'worker-0', 'worker-1'].flatMap((thread) =>
        ['after', 'before'].map((moment) => `${thread}.${moment}.heapsnapshot`),
      ),
    )
    const suspect = suspectsOf(evidence).find(({ field }) => field === 'AuditTrail.calls')
    expect(suspect).to.include({ className: 'CallRecord', owner: 'target' })
    expect(suspect?.threads).to.deep.equal(['worker-0', 'worker-1'])
    const calls = evidence.stages.find(({ role }) => role === 'steady')?.started ?? 0
    expect(suspect?.count).to.be.within(calls * 0.95, calls * 1.05)
  })

  it('says which snapshots could not be taken, and judges by its samples all the same', async () => {
    const file = join(folder, 'no-folder')
    await writeFile(file, '')
    const options = { ...short, soak: { snapshotDirectory: file } }
    const report = await judge(await stressEngine.run(hurried(soakLeak.plan(options))))
    expect(report.evidence.notes.join('\n')).to.include('no heap snapshot of worker-0')
    expect(report.evidence.soak?.threads[1]?.rests).to.have.length(3)
    expect(report.verdicts.find(({ checker }) => checker === 'memory-overhead')?.result).not.to.equal(undefined)
  })

  it('soaks threads that block, by any scenario', async () => {
    const scenario = await find('scenarios', 'extreme-load-sync')
    const options = { workers: 2, durationMs: 1000, soak: { snapshots: false } }
    const evidence = await stressEngine.run(hurried(soakPlan(scenario, options)))
    const [, worker] = evidence.soak?.threads ?? []
    expect(worker?.samples.length).to.be.above(0)
    expect(worker?.rests).to.have.length(3)
  })

  it('that is interrupted in a rest ends soon, and tells what it has', async () => {
    const plan = hurried(soakLeak.plan({ ...short, durationMs: 60_000, soak: { snapshots: false } }))
    const controller = new AbortController()
    const evidence = await stressEngine.run(plan, {
      signal: controller.signal,
      onProgress: ({ stage }) => {
        if (stage === 'before') controller.abort()
      },
    })
    expect(evidence.interrupted).to.equal(true)
    const [coordinator] = evidence.soak?.threads ?? []
    expect(stagesOf(evidence, coordinator as SoakThread)).to.include('settled')
    const report = await judge(evidence)
    expect(report.result).to.equal('unknown')
    expect(existsSync(folder)).to.equal(true)
  })
})
