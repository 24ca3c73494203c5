import { expect } from 'chai'
import { ControlWords, State } from '../../../src/breaker/life/control-word.js'
import { resolveOptions } from '../../../src/breaker/resolve-options.js'
import { MemoryMap } from '../../../src/breaker/storage/memory-map.js'
import { Counters } from '../../../src/breaker/threads/counters.js'
import { claimSlot } from '../../../src/breaker/threads/thread-slots.js'
import { TimeWindow } from '../../../src/breaker/windows/time.js'
import { PrivateCells } from '../../../src/memory/private-cells.js'
import { FakeClock } from '../../fake-clock.js'

class CountedCells extends PrivateCells {
  loads = 0

  override load(index: number): number {
    this.loads += 1
    return super.load(index)
  }
}

describe('the headroom of a time window', () => {
  const THREADS = 64
  const BUCKET_MS = 100
  const slidingWindow = { type: 'time', durationMs: 10 * BUCKET_MS, buckets: 10 } as const
  const { configuration, sizes } = resolveOptions({
    name: 'shared',
    maxThreads: THREADS,
    slidingWindow,
    minimumCalls: 1,
  })
  const map = new MemoryMap(0, sizes)
  const words = new ControlWords(sizes.slots)
  const life = words.compose(State.closed, 1, 0)

  /** Threads that have ten successes each in the first bucket, and one failure in all. */
  function prepared() {
    const cells = new CountedCells(map.size)
    const clock = new FakeClock()
    const windows = Array.from({ length: THREADS }, (_, slot) => {
      claimSlot(cells, map, slot + 1)
      const counters = new Counters(cells, map.counters(slot))
      return new TimeWindow({ cells, map, words, counters, slot, clock, configuration }, slidingWindow)
    })
    const [first, second] = windows as [TimeWindow, TimeWindow]
    for (const window of windows) for (let call = 0; call < 10; call++) window.recordSuccess(life, false)
    first.recordFailure(life)
    const loadsOf = (act: () => number) => {
      const before = cells.loads
      expect(act()).to.equal(0)
      return cells.loads - before
    }
    return { cells, clock, first, second, loadsOf }
  }

  it('spares a thread the sum that another has made in the bucket: a failure, and a success of a watched life', () => {
    const { second, loadsOf } = prepared()
    expect(loadsOf(() => second.recordFailure(life))).to.be.below(20)
    expect(loadsOf(() => second.recordSuccess(life, true))).to.be.below(20)
  })

  it('is nobody’s as long as nobody has judged, whatever stands before the first slot', () => {
    const { cells, clock, second } = prepared()
    const number = Math.floor(clock.nowMs() / BUCKET_MS)
    const entry = map.bucket(-1, number % slidingWindow.buckets)
    for (const [offset, value] of [life, number, 0, 0, 0, 0, 1000, 1000].entries()) cells.store(entry + offset, value)
    cells.store(map.judge, 0)
    const verdicts = Array.from({ length: 700 }, () => second.recordFailure(life))
    expect(verdicts.findIndex((verdict) => verdict !== 0)).to.equal(638)
  })

  it('is made anew in the next bucket, once', () => {
    const { clock, first, second, loadsOf } = prepared()
    clock.pass(BUCKET_MS)
    expect(loadsOf(() => second.recordSuccess(life, true))).to.be.above(THREADS)
    expect(loadsOf(() => first.recordFailure(life))).to.be.below(30)
  })

  it('is made anew once it is used up', () => {
    const { second, loadsOf } = prepared()
    // Of 641 calls 320 more may fail, all calls being failures from here on: then the sum is another.
    const sums = Array.from({ length: 500 }, () => loadsOf(() => second.recordFailure(life))).filter((n) => n > THREADS)
    expect(sums.length).to.be.within(1, 5)
  })
})
