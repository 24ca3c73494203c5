import { expect } from 'chai'
import fc from 'fast-check'
import { NO_VERDICT } from '../../../src/breaker/window.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import type { Cells } from '../../../src/memory/cells.js'
import { type Call, type CountRules, End, life, mapWithRing, roomFor, verdictOf } from './count-ends.js'
import { interleave } from './interleaving.js'

const calls = fc.constantFrom<Call>('success', 'success', 'success', 'failure', 'slow')
/** What each of two or three threads does. */
const scripts = (callsMax: number) =>
  fc.array(fc.array(calls, { minLength: 1, maxLength: callsMax, size: 'max' }), {
    minLength: 2,
    maxLength: 3,
    size: 'max',
  })
/** Which thread goes on, and for how many operations. */
const schedules = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 12 })), {
  minLength: 4,
  maxLength: 60,
  size: 'max',
})
const rules = (sizeMax: number) =>
  fc.integer({ min: 1, max: sizeMax }).chain((size) =>
    fc.record({
      size: fc.constant(size),
      minimumCalls: fc.integer({ min: 1, max: size }),
      failureRateThreshold: fc.constantFrom(0.25, 0.34, 0.5, 0.75, 1),
      slowCallDurationThresholdMs: fc.constantFrom(undefined, 10),
      slowCallRateThreshold: fc.constantFrom(0.5, 1),
    }),
  )

function run(rules: CountRules, scripts: readonly Call[][], schedule: readonly (readonly [number, number])[]) {
  const map = mapWithRing(roomFor(rules.size), scripts.length)
  const cells = AtomicCells.allocate(map.size + scripts.length)
  cells.store(map.control, life(1))
  const bodies = scripts.map((script, thread) => (shared: Cells) => {
    const end = new End(shared, map, thread, rules)
    for (const call of script) end.record(call)
    if (end.verdict !== NO_VERDICT) shared.store(map.size + thread, 1)
  })
  const turns = schedule.flatMap(([thread, operations]) => Array<number>(operations).fill(thread))
  let turn = 0
  interleave(cells, bodies, (threads) => (turns[turn++ % turns.length] ?? 0) % threads)
  return {
    opens: scripts.some((_, thread) => cells.load(map.size + thread) === 1),
    measure: new End(cells, map, 0, rules).window.measure(life(1)),
  }
}

describe('breaker: count window between any two operations', () => {
  for (const [sizeMax, callsMax] of [
    [4, 4],
    [10, 7],
  ] as const) {
    it(`of up to ${sizeMax}, loses no call, and no verdict that its calls in the end amount to @stress`, () => {
      let decisive = 0
      fc.assert(
        fc.property(rules(sizeMax), scripts(callsMax), schedules, (rules, scripts, schedule) => {
          const { opens, measure } = run(rules, scripts, schedule)
          expect(measure.calls).to.equal(Math.min(rules.size, scripts.flat().length))
          if (verdictOf(rules, measure) === NO_VERDICT) return
          decisive += 1
          expect(opens).to.equal(true)
        }),
        { numRuns: 10_000 },
      )
      expect(decisive).to.be.greaterThan(1000)
    })
  }
})
