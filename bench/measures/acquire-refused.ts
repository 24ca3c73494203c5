import { do_not_optimize } from 'mitata'
import type { SharedCircuitBreaker } from '../../src/index.js'
import type { Loop } from '../../src/profiler/turns.js'
import { forcedOpenBreaker, openBreaker } from '../breakers.js'
import { type Floor, loadAddAndClock, oneLoad, overFloor } from '../floor.js'
import type { Effort, Measure } from '../measure.js'
import { ratio, row } from '../row.js'

/** `tryAcquirePermission` that gives none. An open circuit has to look whether its deadline has passed. */
interface Case {
  readonly state: string
  readonly breaker: () => SharedCircuitBreaker
  readonly floor: Floor
  readonly atMost: number
}

export const measures: readonly Measure[] = [
  measureOf({
    state: 'forced-open',
    breaker: forcedOpenBreaker,
    floor: oneLoad,
    atMost: 3,
  }),
  measureOf({
    state: 'open',
    breaker: openBreaker,
    floor: loadAddAndClock,
    atMost: 1.3,
  }),
]

function measureOf({ state, breaker: make, floor, atMost }: Case): Measure {
  return {
    name: `acquire-refused-${state}`,
    async run(effort: Effort) {
      const breaker = make()
      const acquire: Loop = (times) => {
        let last = 0
        for (let call = 0; call < times; call++) last = breaker.tryAcquirePermission()
        do_not_optimize(last)
      }
      const { cost, least } = await overFloor(acquire, floor, effort)
      return [
        row({
          title: `tryAcquirePermission refused, ${state}`,
          figures: [
            { name: 'refused', value: cost, unit: 'ns' },
            { name: floor.name, value: least, unit: 'ns' },
          ],
          reading: `refused ÷ (${floor.name})`,
          result: ratio(cost, least),
          unit: '×',
          wanted: { atMost },
        }),
      ]
    },
  }
}
