import { expect } from 'chai'
import { Arena, HistogramKind } from '../../src/stress/arena.js'
import { bucketOf } from '../../src/stress/histogram.js'
import { LiveLatency } from '../../src/stress/live-latency.js'

const shape = { stages: 2, slots: 2, journals: 2 }

/** So many calls of so many milliseconds, as the worker in that slot writes them down. */
function record(arena: Arena, slot: number, stage: number, calls: number, ms: number): void {
  const words = arena.histogram(slot, stage, HistogramKind.letThrough)
  words[bucketOf(ms * 1000)] = calls
}

describe('stress: latency of the stage that goes on', () => {
  it('is that of all workers in that stage, and none of no call', () => {
    const arena = Arena.allocate(shape)
    record(arena, 0, 0, 60, 1)
    record(arena, 1, 0, 40, 2)
    expect(new LiveLatency(arena).look(0, 0)).to.deep.equal({ p50Ms: 1, p99Ms: 2 })
    expect(new LiveLatency(arena).look(0, 1)).to.equal(undefined)
  })

  it('is looked up once a second, and at once when another stage has begun', () => {
    const arena = Arena.allocate(shape)
    const live = new LiveLatency(arena)
    record(arena, 0, 0, 10, 1)
    expect(live.look(5000, 0)?.p50Ms).to.equal(1)
    record(arena, 0, 0, 0, 1)
    record(arena, 0, 0, 10, 2)
    expect(live.look(5999, 0)?.p50Ms).to.equal(1)
    expect(live.look(6000, 0)?.p50Ms).to.equal(2)
    record(arena, 0, 1, 10, 1.5)
    expect(live.look(6001, 1)?.p50Ms).to.equal(1.5)
  })
})
