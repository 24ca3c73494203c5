import { do_not_optimize } from 'mitata'
import type { SlidingWindow } from '../../src/index.js'
import type { Loop } from '../../src/profiler/turns.js'
import { breakerWith, windows } from '../breakers.js'
import { action, type Floor, loadAddAndClock, loadAndAdd, overFloor } from '../floor.js'
import type { Effort, Measure } from '../measure.js'
import { ratio, row } from '../row.js'

/** What `executeSync` adds to a call that a closed circuit lets through and that succeeds. */
interface Case {
  readonly window: SlidingWindow
  /** A window of time can't do without a clock read. */
  readonly floor: Floor
  readonly atMost: number
}

export const measures: readonly Measure[] = [
  measureOf({ window: windows.consecutive, floor: loadAndAdd, atMost: 1.6 }),
  measureOf({ window: windows.count, floor: loadAndAdd, atMost: 3 }),
  measureOf({ window: windows.time, floor: loadAddAndClock, atMost: 1.3 }),
]

function measureOf({ window, floor, atMost }: Case): Measure {
  return {
    name: `execute-sync-closed-${window.type}`,
    async run(effort: Effort) {
      const breaker = breakerWith(window)
      const executeSync: Loop = (times) => {
        let last: unknown
        for (let call = 0; call < times; call++) last = breaker.executeSync(action)
        do_not_optimize(last)
      }
      const { cost, least } = await overFloor(executeSync, floor, effort)
      return [
        row({
          title: `executeSync, closed, ${window.type} window`,
          figures: [
            { name: 'overhead', value: cost, unit: 'ns' },
            { name: floor.name, value: least, unit: 'ns' },
          ],
          reading: `overhead ÷ (${floor.name})`,
          result: ratio(cost, least),
          unit: '×',
          wanted: { atMost },
        }),
      ]
    },
  }
}
