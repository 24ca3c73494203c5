import { expect } from 'chai'
import type { Progress } from '../../src/engine.js'
import type { Evidence, Outcomes } from '../../src/evidence.js'
import { createStressEngine, stressEngine } from '../../src/stress/coordinator.js'
import { smallPlan } from './fixtures/plans.js'

const fixture = (name: string) => new URL(`./fixtures/${name}.js`, import.meta.url)

function sum({ success, error, ignored, refused, stale }: Outcomes): number {
  return success + error + ignored + refused + stale
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error) => error,
  )
}

describe('stress: a run', () => {
  let evidence: Evidence
  const seen: Progress[] = []

  before(async () => {
    evidence = await stressEngine.run(smallPlan(), { onProgress: (progress) => seen.push(progress) })
  })

  it('tells each stage of the plan, then the drain', () => {
    expect(evidence.stages.map(({ name, role }) => `${name}/${role}`)).to.deep.equal([
      'warm-up/warm-up',
      'steady/steady',
      'drain/drain',
    ])
    expect(evidence.interrupted).to.equal(false)
  })

  it('starts exactly the requests that a stage has', () => {
    expect(evidence.stages[1]?.started).to.equal(300)
  })

  it('ends each call that it started, and counts stages and workers alike', () => {
    const started = evidence.stages.reduce((total, stage) => total + stage.started, 0)
    expect(evidence.stages.reduce((total, stage) => total + sum(stage.outcomes), 0)).to.equal(started)
    expect(evidence.workers.reduce((total, worker) => total + sum(worker.outcomes), 0)).to.equal(started)
    expect(evidence.workers.map(({ lost, end }) => ({ lost, end }))).to.deep.equal([
      { lost: 0, end: 'finished' },
      { lost: 0, end: 'finished' },
    ])
    expect(evidence.downstream.received).to.equal(started)
  })

  it('has a latency for each call that was let through', () => {
    for (const { latency, outcomes } of evidence.stages) expect(latency.count).to.equal(sum(outcomes))
    expect(evidence.stages[1]?.latency.minMs).to.be.at.least(0.99)
  })

  it('leaves no gap between stages', () => {
    const { stages } = evidence
    expect(stages[0]?.startedAtMs).to.equal(0)
    for (const [index, stage] of stages.entries()) {
      if (index > 0) expect(stage.startedAtMs).to.equal(stages[index - 1]?.endedAtMs)
    }
    expect(stages.at(-1)?.endedAtMs).to.equal(evidence.durationMs)
  })

  it('samples memory and keeps the last errors', () => {
    expect(evidence.memory.samples[0]?.heapMb).to.have.length(3)
    expect(evidence.memory.baselineMb).to.be.greaterThan(0)
    expect(evidence.lastErrors.at(-1)).to.include({ name: 'DownstreamError', code: 'ERR_DOWNSTREAM_ERROR' })
    expect(evidence.lastErrors.length).to.be.at.most(20)
  })

  it('tells progress', () => {
    expect(seen[0]).to.include({ stage: 'warm-up', workersAlive: 2 })
  })

  for (const operation of ['async', 'blocking'] as const) {
    it(`makes the calls of a reference stage bare, ${operation}: none is counted, their durations are`, async () => {
      const stages = [
        { name: 'bare', role: 'reference', durationMs: 100 },
        { name: 'steady', role: 'steady', requests: 20, durationMs: 5000 },
      ] as const
      const { stages: ran, workers } = await stressEngine.run(smallPlan({ operation, stages: [...stages] }))
      expect(ran[0]).to.deep.include({
        started: 0,
        outcomes: { success: 0, error: 0, ignored: 0, refused: 0, stale: 0 },
      })
      expect(ran[0]?.intendedMsSum).to.be.greaterThan(0)
      expect(ran[0]?.efficiency).to.be.greaterThan(0)
      expect(workers.reduce((sum, { started }) => sum + started, 0)).to.equal(20)
    })
  }

  it('counts blocking threads as what is in flight', async () => {
    const { stages, notes } = await stressEngine.run(smallPlan({ operation: 'blocking' }))
    expect(stages[1]?.started).to.equal(300)
    expect(stages[1]?.efficiency).to.be.within(0, 1.05)
    expect(notes).to.include('blocking threads have one call each: 2 were in flight, not 10')
  })

  it('starts open arrivals at their rate', async () => {
    const load = { model: 'open', ratePerSecond: 1000 } as const
    const stages = [{ name: 'steady', role: 'steady', durationMs: 300 }] as const
    const { stages: told } = await stressEngine.run(smallPlan({ load, stages: [...stages] }))
    expect(told[0]?.started).to.be.within(1, 302)
    expect(told[0]?.efficiency).to.equal(undefined)
  })
})

describe('stress: a run that is cut short', () => {
  it('reports what ran when it is interrupted, and skips the rest', async () => {
    const abort = new AbortController()
    const stages = [
      { name: 'steady', role: 'steady', durationMs: 60_000 },
      { name: 'recovery', role: 'recovery', durationMs: 60_000 },
    ] as const
    const onProgress = () => abort.abort()
    const plan = smallPlan({ stages: [...stages] })
    const evidence = await stressEngine.run(plan, { signal: abort.signal, onProgress })
    expect(evidence.interrupted).to.equal(true)
    expect(evidence.stages[0]?.started).to.be.greaterThan(0)
    expect(evidence.stages[1]).to.include({ started: 0, startedAtMs: evidence.stages[2]?.startedAtMs })
    expect(evidence.workers.every(({ lost }) => lost === 0)).to.equal(true)
  })

  it('ends calls that hang by their timeout and counts them', async () => {
    const plan = smallPlan({ timeoutMs: 50, stages: [{ name: 'steady', role: 'steady', durationMs: 100 }] })
    const behaviour = { ...plan.downstream.behaviour, errorRate: 0, hangRate: 1 }
    const evidence = await stressEngine.run({ ...plan, downstream: { ...plan.downstream, behaviour } })
    const timeouts = evidence.stages.reduce((total, stage) => total + stage.timeouts, 0)
    expect(timeouts).to.equal(evidence.workers.reduce((total, worker) => total + worker.started, 0))
  })
})

describe('stress: a run that cannot begin', () => {
  it('names the error of a worker whose task fails at its start', async () => {
    const error = await failure(createStressEngine(fixture('throws-at-start')).run(smallPlan()))
    expect(error).to.include({ name: 'EngineError', code: 'ERR_WORKER_START' })
    expect(error).to.have.property('message').that.includes('the target cannot be attached')
  })

  it('names the exit of a worker that ends at its start', async () => {
    const error = await failure(createStressEngine(fixture('exits-at-start')).run(smallPlan()))
    expect(error).to.include({ code: 'ERR_WORKER_START' })
    expect(error).to.have.property('message').that.includes('exited with code: 3')
  })

  it('names the field of a plan that is wrong', async () => {
    const error = await failure(stressEngine.run(smallPlan({ workers: 0 })))
    expect(error).to.include({ code: 'ERR_PLAN' })
    expect(error).to.have.property('message').that.includes('plan.workers')
  })

  it('names the targets that there are', async () => {
    const error = await failure(stressEngine.run(smallPlan({ target: 'nothing' })))
    expect(error).to.include({ code: 'ERR_UNKNOWN_NAME' })
  })
})

describe('stress: workers that are killed @stress', () => {
  it('are replaced, and leave a complete report', async () => {
    const stages = [{ name: 'steady', role: 'steady', durationMs: 500 }] as const
    const plan = smallPlan({ kills: 20, workers: 4, target: 'shared', stages: [...stages] })
    const { workers, notes, circuits } = await stressEngine.run(plan)
    expect(workers.filter(({ end }) => end === 'killed')).to.have.length(20)
    expect(workers.filter(({ end }) => end === 'failed')).to.deep.equal([])
    expect(workers.filter(({ end, lost }) => end === 'finished' && lost > 0)).to.deep.equal([])
    for (const { started, outcomes, lost } of workers) expect(started).to.equal(sum(outcomes) + lost)
    expect(notes.some((note) => note.includes('of 20 kills'))).to.equal(false)
    expect(circuits).to.have.length(1)
  }).timeout(60_000)
})
