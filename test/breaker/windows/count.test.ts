import { expect } from 'chai'
import fc from 'fast-check'
import { Reason } from '../../../src/breaker/life/transition-log.js'
import type { MemoryMap } from '../../../src/breaker/storage/memory-map.js'
import { Counter, countsOf } from '../../../src/breaker/threads/counters.js'
import { NO_VERDICT } from '../../../src/breaker/window.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import { type Call, CountModel, type CountRules, End, life, mapWithRing, roomFor } from './count-ends.js'

const calls = fc.constantFrom<Call>('success', 'success', 'success', 'failure', 'slow', 'slow failure')

/** Real cells; what `between` holds happens once, between the next result's position and its entry. */
class InterruptedCells extends AtomicCells {
  between: (() => void) | undefined
  loads = 0
  writes = 0

  constructor(private readonly map: MemoryMap) {
    super(new SharedArrayBuffer(map.size * 4))
    this.store(map.control, life(1))
  }

  override load(index: number): number {
    this.loads += 1
    return super.load(index)
  }

  override compareExchange(index: number, expected: number, replacement: number): number {
    this.writes += 1
    return super.compareExchange(index, expected, replacement)
  }

  override add(index: number, value: number): number {
    this.writes += 1
    const before = super.add(index, value)
    const action = index === this.map.ringHead ? this.between : undefined
    if (action) {
      this.between = undefined
      action()
    }
    return before
  }
}

function memory(ring: number) {
  const map = mapWithRing(ring)
  return { map, cells: new InterruptedCells(map) }
}

/** `threads` ends of one window. */
function ends(rules: CountRules, ring = roomFor(rules.size), threads = 1) {
  const { map, cells } = memory(ring)
  const all = Array.from({ length: threads }, (_, slot) => new End(cells, map, slot, rules))
  const [end] = all as [End]
  return { map, cells, all, end }
}

function dieBetween(cells: InterruptedCells, end: End, call: Call): void {
  cells.between = () => {
    throw new Error('the thread is no more')
  }
  expect(() => end.record(call)).to.throw('the thread is no more')
}

describe('breaker: count window', () => {
  for (const size of [1, 2, 3, 7, 64]) {
    it(`is an array of ${size} to two threads, also where positions and laps wrap`, () => {
      const rings = [2 ** Math.ceil(Math.log2(size)), roomFor(size)]
      fc.assert(
        fc.property(
          fc.record({
            size: fc.constant(size),
            minimumCalls: fc.integer({ min: 1, max: size + 1 }),
            failureRateThreshold: fc.constantFrom(0.2, 0.5, 1),
            slowCallDurationThresholdMs: fc.constantFrom(undefined, 10),
            slowCallRateThreshold: fc.constantFrom(0.4, 1),
          }),
          fc.constantFrom(...rings),
          fc.constantFrom(0, -5, 2 ** 26 - 5, 2 ** 31 - 5),
          fc.array(fc.tuple(calls, fc.nat(1)), { maxLength: 4 * size + 20, size: 'max' }),
          (rules, ring, firstPosition, operations) => {
            const { map, cells, all } = ends(rules, ring, 2)
            const model = new CountModel(rules)
            cells.store(map.ringHead, firstPosition)
            let sequence = 1
            for (const [call, slot] of operations) {
              const end = all[slot] as End
              model.record(call)
              expect(end.record(call)).to.equal(model.verdict)
              if (model.verdict !== NO_VERDICT) {
                expect(end.window.decided).to.deep.equal(model.measure)
                sequence += 1
                cells.store(map.control, life(sequence))
                model.clear()
              }
              for (const { window } of all) expect(window.measure(life(sequence))).to.deep.equal(model.measure)
            }
          },
        ),
        { numRuns: size > 10 ? 100 : 300 },
      )
    })
  }

  it('opens at its first failure if it holds one call', () => {
    const { end } = ends({ size: 1, minimumCalls: 20, failureRateThreshold: 1 })
    expect([end.record('success'), end.record('failure')]).to.deep.equal([NO_VERDICT, Reason.failureRate])
  })

  it('opens at the success that completes the minimum', () => {
    const { all } = ends({ size: 10, minimumCalls: 3 }, 16, 2)
    const [one, other] = all as [End, End]
    expect([other.record('success'), one.record('failure')]).to.deep.equal([NO_VERDICT, NO_VERDICT])
    expect(one.record('failure')).to.equal(Reason.failureRate)
    const late = ends({ size: 10, minimumCalls: 2 }, 16, 2)
    expect(late.all[0]?.record('failure')).to.equal(NO_VERDICT)
    expect(late.all[1]?.record('success')).to.equal(Reason.failureRate)
  })

  it('judges over fewer calls while it is told to, and then as configured', () => {
    const { end } = ends({ size: 10, minimumCalls: 6 })
    end.window.judgeEarly(2)
    for (const call of ['success', 'success', 'success'] as const) expect(end.record(call)).to.equal(NO_VERDICT)
    end.window.judgeEarly(undefined)
    for (const call of ['failure', 'failure'] as const) expect(end.record(call)).to.equal(NO_VERDICT)
    expect(end.record('failure')).to.equal(Reason.failureRate)
  })

  it('reads the control word, and never the ring, for a success where no call failed', () => {
    const { end, cells } = ends({ size: 100, minimumCalls: 10 })
    // One load is this test's own, of what the circuit reads anyway.
    for (let call = 1; call <= 10; call++) end.record('success')
    expect(cells.loads).to.equal(20)
    for (let call = 1; call <= 90; call++) end.record('success')
    expect(cells.loads).to.equal(110)
  })

  it('records a success by three writes, also where laps wrap', () => {
    for (const firstPosition of [0, -50, 2 ** 26 - 50, 2 ** 31 - 50]) {
      const { end, cells, map } = ends({ size: 4 }, 8)
      cells.store(map.ringHead, firstPosition)
      for (let call = 1; call <= 8; call++) end.record('success')
      cells.writes = 0
      for (let call = 1; call <= 100; call++) end.record('success')
      expect(cells.writes).to.equal(300)
    }
  })

  it('counts on the thread’s own line as well', () => {
    const { end, cells, map } = ends({ size: 2 })
    for (const call of ['success', 'failure', 'slow', 'slow failure'] as const) end.record(call)
    expect(countsOf(cells, map, 0)).to.include({ success: 2, error: 2, slow: 2 })
    expect(cells.load(map.counters(1) + Counter.success)).to.equal(0)
  })

  for (const [laps, size] of [
    [1, 4],
    [7, 4],
    [1000, 1],
    [30_000, 1],
  ] as const) {
    it(`keeps a result that is ${laps} laps newer than a slow writer’s`, () => {
      const { cells, map, all } = ends({ size, minimumCalls: 20, failureRateThreshold: 0.9 }, size, 2)
      const [slow, quick] = all as [End, End]
      cells.between = () => {
        for (let call = 1; call <= laps * size; call++) quick.record('failure')
      }
      slow.record('success')
      expect(slow.window.measure(life(1))).to.deep.equal({ calls: size, failures: size, slow: 0 })
      expect(cells.load(map.ringHead)).to.equal(laps * size + 1)
    })
  }

  it('holds the last calls that are written while a slow writer’s is not', () => {
    const { cells, all } = ends({ size: 3, failureRateThreshold: 1 }, 8, 2)
    const [slow, quick] = all as [End, End]
    const seen: number[] = []
    cells.between = () => {
      for (let call = 1; call <= 4; call++) {
        quick.record('success')
        seen.push(quick.window.measure(life(1)).calls)
      }
    }
    slow.record('failure')
    expect(seen).to.deep.equal([1, 2, 3, 3])
    expect(quick.window.measure(life(1))).to.deep.equal({ calls: 3, failures: 0, slow: 0 })
  })

  it('is judged by a success that was under way when the life’s first failure came', () => {
    const { cells, all } = ends({ size: 10, minimumCalls: 2 }, 16, 2)
    const [slow, quick] = all as [End, End]
    cells.between = () => expect(quick.record('failure')).to.equal(NO_VERDICT)
    expect(slow.record('success')).to.equal(Reason.failureRate)
  })

  it('is judged full while a success is under way', () => {
    const { cells, all } = ends({ size: 2 }, 8, 2)
    const [slow, quick] = all as [End, End]
    for (let call = 1; call <= 3; call++) slow.record('success')
    cells.between = () => expect(quick.record('failure')).to.equal(Reason.failureRate)
    expect(slow.record('success')).to.equal(NO_VERDICT)
  })

  it('is judged as soon as failures that were under way when it was read can have mattered', () => {
    const { cells, all } = ends({ size: 10 }, 16, 3)
    const [slow, slower, quick] = all as [End, End, End]
    for (let call = 1; call <= 10; call++) quick.record('success')
    cells.between = () => {
      cells.between = () => quick.record('failure')
      slow.record('failure')
    }
    slower.record('failure')
    expect([quick.record('failure'), quick.record('failure')]).to.deep.equal([NO_VERDICT, Reason.failureRate])
  })

  it('is read once in many failures while they are far from the threshold', () => {
    const { end, cells } = ends({ size: 10_000 })
    for (let call = 1; call <= 10_000; call++) end.record('success')
    cells.loads = 0
    for (let call = 1; call <= 4000; call++) end.record('failure')
    expect(cells.loads).to.be.within(10_000, 20_000)
  })

  it('is judged anew in a new life, however far from the threshold the last one was', () => {
    const { end, cells, map } = ends({ size: 100, minimumCalls: 3 })
    for (let call = 1; call <= 100; call++) end.record('success')
    end.record('failure')
    cells.store(map.control, life(2))
    const given = (['failure', 'failure', 'failure'] as const).map((call) => end.record(call))
    expect(given).to.deep.equal([NO_VERDICT, NO_VERDICT, Reason.failureRate])
  })

  it('does without the call of a thread that died before it wrote its entry', () => {
    const { cells, all } = ends({ size: 3, minimumCalls: 3, failureRateThreshold: 1 }, 8, 2)
    const [mortal, other] = all as [End, End]
    for (const call of ['failure', 'success', 'failure'] as const) other.record(call)
    dieBetween(cells, mortal, 'failure')
    expect(other.window.measure(life(1))).to.deep.equal({ calls: 3, failures: 2, slow: 0 })
    expect(other.record('failure')).to.equal(NO_VERDICT)
    expect(other.record('failure')).to.equal(Reason.failureRate)
  })

  it('has a hole for it in a ring without a cell to spare, until the ring has come round', () => {
    const { cells, all } = ends({ size: 4, failureRateThreshold: 1 }, 4, 2)
    const [mortal, other] = all as [End, End]
    for (let call = 1; call <= 4; call++) other.record('success')
    dieBetween(cells, mortal, 'failure')
    const seen: number[] = []
    for (let call = 1; call <= 5; call++) {
      seen.push(other.window.measure(life(1)).calls)
      other.record('failure')
    }
    expect(seen).to.deep.equal([3, 3, 3, 3, 4])
  })

  it('does not count what an earlier life left, nor what it says too late', () => {
    const { cells, map, all } = ends({ size: 4, failureRateThreshold: 1 }, 8, 2)
    const [one, late] = all as [End, End]
    for (let call = 1; call <= 6; call++) one.record('failure')
    cells.store(map.control, life(2))
    one.record('success')
    expect(one.window.measure(life(2))).to.deep.equal({ calls: 1, failures: 0, slow: 0 })
    late.window.recordFailure(life(1))
    for (let call = 1; call <= 3; call++) one.record('success')
    expect(one.window.measure(life(2))).to.deep.equal({ calls: 4, failures: 0, slow: 0 })
  })

  it('tells lives apart that are fewer than 8,192 transitions apart, and 4 million in a large ring', () => {
    for (const [ring, transitions] of [
      [8, 8191],
      [2 ** 20, 2 ** 22],
    ] as const) {
      const { end } = ends({ size: 4 }, ring)
      end.window.recordFailure(life(1))
      expect(end.window.measure(life(1 + transitions)).calls).to.equal(0)
      expect(end.window.measure(life(1)).calls).to.equal(1)
    }
  })

  it('reads again if the ring was overwritten while it read', () => {
    const { map, cells, all } = ends({ size: 4, failureRateThreshold: 1 }, 4, 2)
    const [reader, writer] = all as [End, End]
    for (const call of ['failure', 'failure', 'success', 'success'] as const) writer.record(call)
    const load = cells.load.bind(cells)
    cells.load = (index) => {
      const found = load(index)
      if (index !== map.ringHead) return found
      cells.load = load
      writer.record('success')
      return found
    }
    expect(reader.window.measure(life(1))).to.deep.equal({ calls: 4, failures: 1, slow: 0 })
  })
})
