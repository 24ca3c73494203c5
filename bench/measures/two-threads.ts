import type { SlidingWindow } from '../../src/index.js'
import { breakerWith, windows } from '../breakers.js'
import type { Effort, Measure } from '../measure.js'
import { type Mark, median, ratio, row } from '../row.js'
import { CallingThreads, type Task } from '../throughput.js'

/**
 * How many two-step calls two threads make on one breaker, against one thread alone. One and two take turns, and of five
 * pairs the median counts: the best would be the one whose single thread was disturbed.
 *
 * Two processors are what this needs, and a neighbour on one of them looks like a cost of sharing. So the same is done
 * with the floor, which shares nothing that is written: what it doesn't reach, the machine didn't give.
 */
const PAIRS = 5
const STINTS_A_RUN = 2.5

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
      const threads = new CallingThreads(breakerWith(window), 2)
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

interface Pairs {
  /** Calls a millisecond. */
  readonly alone: readonly number[]
  readonly together: readonly number[]
  readonly ratios: readonly number[]
}

async function pairs(threads: CallingThreads, task: Task): Promise<Pairs> {
  // Compiles the loop in both.
  await threads.throughput([0, 1], task)
  const alone: number[] = []
  const together: number[] = []
  for (let pair = 0; pair < PAIRS; pair++) {
    alone.push(await threads.throughput([pair % 2], task))
    together.push(await threads.throughput([0, 1], task))
  }
  return { alone, together, ratios: together.map((both, pair) => ratio(both, alone[pair] ?? 0)) }
}
