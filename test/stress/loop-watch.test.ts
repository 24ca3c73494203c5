import { expect } from 'chai'
import { LoopWatch } from '../../src/stress/loop-watch.js'

describe('stress: the watch on an event loop', () => {
  const state = { busyMs: 0, idleMs: 0, cpuMs: 0, queuedMs: 0 }
  const read = () => ({ ...state })
  const watch = (hasDelays: boolean) => {
    Object.assign(state, { busyMs: 0, idleMs: 0, cpuMs: 0, queuedMs: 0 })
    return new LoopWatch(1000, hasDelays, read, read)
  }

  it('tells stage by stage how busy the loop was, what it computed and how long it waited', () => {
    const made = watch(true)
    made.tick(1010, 0)
    Object.assign(state, { busyMs: 30, idleMs: 70, cpuMs: 25, queuedMs: 5 })
    made.tick(1020, 1)
    Object.assign(state, { busyMs: 130, idleMs: 70, cpuMs: 125, queuedMs: 6 })
    const [first, second] = made.stages()
    expect(first).to.deep.include({ stage: 0, utilization: 0.3, cpuMs: 25, queuedMs: 5 })
    expect(second).to.deep.include({ stage: 1, utilization: 1, cpuMs: 100, queuedMs: 1 })
  })

  it('tells how much later than every ten milliseconds its timer fired', () => {
    const made = watch(true)
    for (const nowMs of [1010, 1020, 1060, 1070]) made.tick(nowMs, 0)
    const [stage] = made.stages()
    expect(stage?.delay?.maxMs).to.be.closeTo(30, 0.5)
    expect(stage?.delay?.meanMs).to.be.closeTo(7.5, 0.2)
  })

  it('tells no delay of a thread that blocks by plan', () => {
    const made = watch(false)
    for (const nowMs of [1010, 1500]) made.tick(nowMs, 0)
    expect(made.stages()[0]).not.to.have.property('delay')
  })
})
