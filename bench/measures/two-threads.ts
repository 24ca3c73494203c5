import type { SlidingWindow } from '../../src/index.js'
import { breakerWith, windows } from '../breakers.js'
import type { Effort, Measure } from '../measure.js'
import { type Mark, median, row } from '../row.js'
import { CallingThreads, PAIRS, pairs } from '../throughput.js'

/**
 * How many two-step calls two threads make on one breaker, against one thread alone. One and two take turns, and of five
 * pairs the median counts.
 *
 * Two processors are what this needs, and a neighbour on one of them looks like a cost of sharing. So the same is done
 * with the floor, which shares nothing that is written: what it doesn't reach, the machine didn't give.
 */
const STINTS_A_RUN = 2.5

const entry = new URL('../throughput-thread.js', import.meta.url)

export const measures: readonly Measure[] = [
  measureOf(windows.time, { atLeast: 1.8 }),
  measureOf(windows.count, { atLeast: 0.5 }),
  measureOf(windows.consecutive),
]

function measureOf(window: SlidingWindow, wanted?: Mark): Measure {
  return {
    name: `two-threads-${window.type}`,
    async run({ rounds, turnMs }: Effort) {
      const stintMs = (rounds * turnMs) / STINTS_A_RUN
      const control = new Int32Array(new SharedArrayBuffer(512))
      const { handle } = breakerWith(window)
      const threads = new CallingThreads<'breaker' | 'floor'>(entry, 2, { handle, control })
      const ofBreaker = await pairs(threads, { work: 'breaker', durationMs: stintMs })
      const ofFloor = await pairs(threads, { work: 'floor', durationMs: stintMs })
      await threads.close()
      return [
        row({
          title: `throughput of two threads, ${window.type} window`,
          figures: [
            { name: 'two', value: median(ofBreaker.together) / 1000, unit: 'M calls/s' },
            { name: 'one', value: median(ofBreaker.alone) / 1000, unit: 'M calls/s' },
            { name: 'the floor’s', value: median(ofFloor.ratios), unit: '×' },
          ],
          reading: `two ÷ one, median of ${PAIRS} pairs`,
          result: median(ofBreaker.ratios),
          unit: '×',
          ...(wanted && { wanted }),
        }),
      ]
    },
  }
}
