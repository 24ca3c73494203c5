import { expect } from 'chai'
import { SharedCircuitBreaker } from '../../src/index.js'
import { TestThread } from './thread.js'

describe('breaker on real threads', () => {
  const threads: TestThread[] = []

  function start(breaker: SharedCircuitBreaker, count: number): TestThread[] {
    const started = Array.from({ length: count }, () => new TestThread(breaker.handle))
    threads.push(...started)
    return started
  }

  afterEach(async () => {
    await Promise.all(threads.splice(0).map((thread) => thread.terminate()))
  })

  it('counts every call of every thread, none twice', async () => {
    const breaker = SharedCircuitBreaker.create({ name: 'counted', failureRateThreshold: 0.9 })
    const refused = await Promise.all(
      start(breaker, 4).map((thread) => thread.run({ do: 'call', times: 50_000, failEvery: 10 })),
    )
    expect(refused).to.deep.equal([0, 0, 0, 0])
    const { total, threads: slots } = breaker.snapshot()
    expect(total).to.deep.equal({ success: 180_000, error: 20_000, ignored: 0, refused: 0, stale: 0, slow: 0 })
    expect(slots.filter((slot) => slot.total.success === 45_000)).to.have.length(4)
    breaker.detach()
  })

  it('opens for all when the failures of all reach the threshold', async () => {
    const breaker = SharedCircuitBreaker.create({ name: 'opened', minimumCalls: 40, failureRateThreshold: 1 })
    for (const thread of start(breaker, 4)) {
      expect(breaker.state).to.equal('closed')
      await thread.run({ do: 'call', times: 10, failEvery: 1 })
    }
    expect(breaker.snapshot()).to.include({ state: 'open', epoch: 1 })
    expect(breaker.tryAcquirePermission()).to.equal(0)
    breaker.detach()
  })

  it('takes back the probe and the slot of a thread that was terminated', async () => {
    const breaker = SharedCircuitBreaker.create({
      name: 'bereaved',
      minimumCalls: 1,
      waitDurationInOpenStateMs: 0,
      permittedNumberOfCallsInHalfOpenState: 1,
    })
    const [thread] = start(breaker, 1)
    await thread?.run({ do: 'call', times: 1, failEvery: 1 })
    expect(await thread?.run({ do: 'take' })).not.to.equal(0)
    expect(breaker.tryAcquirePermission()).to.equal(0)
    await thread?.terminate()
    threads.length = 0
    const probe = breaker.tryAcquirePermission()
    expect(breaker.isProbe(probe)).to.equal(true)
    expect(breaker.onSuccess(probe)).to.equal(true)
    expect(breaker.state).to.equal('closed')
    expect(breaker.snapshot().threads.map(({ threadId }) => threadId)).to.deep.equal([0, undefined])
    breaker.detach()
  })

  it('wakes an idle thread to tell it of a transition', async () => {
    const breaker = SharedCircuitBreaker.create({ name: 'told', minimumCalls: 1 })
    const [idle] = start(breaker, 1)
    await idle?.run({ do: 'listen' })
    const heard = idle?.hear()
    breaker.onError(breaker.tryAcquirePermission())
    expect(await heard).to.equal('closed → open in epoch 1')
    breaker.detach()
  })
})
