import type { SharedCircuitBreaker, SlidingWindow } from '../../src/index.js'
import { breakerWith, expectState } from '../breakers.js'
import type { Effort, Measure } from '../measure.js'
import { nanosecondsPerCall } from '../rounds.js'
import { type Mark, ratio, row } from '../row.js'

/**
 * What a failure costs, since each asks the window for a verdict: with few calls in it, and with many.
 *
 * A window is filled over its whole length, and then so few failures are timed that they don't change what it holds.
 * Short stretches, many of them, and the best counts.
 */
const FEW = 100
const MANY = 100_000
const FAILURES_TIMED = 32
const STRETCHES_A_ROUND = 2
const WARM_UP_FAILURES = 20_000

/** The clock of the breakers here: real, so that reading it costs what it costs, and set forward while a window is filled. */
let aheadMs = 0
const clock = { nowMs: () => performance.now() + aheadMs }

const buckets = 10
const bucketMs = 1000
const fault = new Error('a failure to record')

export const measures: readonly Measure[] = [
  measureOf('time', () => ({ type: 'time', durationMs: buckets * bucketMs, buckets }), { atMost: 1.1 }),
  // As large as it has calls: it looks at every one of them.
  measureOf('count', (calls) => ({ type: 'count', size: calls })),
]

function measureOf(type: string, windowOf: (calls: number) => SlidingWindow, wanted?: Mark): Measure {
  // Failures alone would open it, and there are others.
  const breakerOf = (calls: number) => breakerWith(windowOf(calls), { failureRateThreshold: 1 }, { clock })
  return {
    name: `failure-cost-${type}`,
    async run(effort: Effort) {
      const few = breakerOf(FEW)
      const many = breakerOf(MANY)
      fill(few, FEW)
      fail(few, WARM_UP_FAILURES)
      const best = { few: Number.POSITIVE_INFINITY, many: Number.POSITIVE_INFINITY }
      for (let stretch = 0; stretch < effort.rounds * STRETCHES_A_ROUND; stretch++) {
        best.few = Math.min(best.few, afterFilling(few, FEW))
        best.many = Math.min(best.many, afterFilling(many, MANY))
      }
      return [
        row({
          title: `one failure, ${type} window of many calls to one of few`,
          figures: [
            { name: `of ${MANY.toLocaleString('en')}`, value: best.many, unit: 'ns' },
            { name: `of ${FEW}`, value: best.few, unit: 'ns' },
          ],
          reading: 'many ÷ few',
          result: ratio(best.many, best.few),
          unit: '×',
          ...(wanted && { wanted }),
        }),
      ]
    },
  }
}

function afterFilling(breaker: SharedCircuitBreaker, calls: number): number {
  breaker.reset()
  fill(breaker, calls)
  // The first ones find the caches cold.
  fail(breaker, FAILURES_TIMED)
  const began = performance.now()
  fail(breaker, FAILURES_TIMED)
  const tookMs = performance.now() - began
  expectState(breaker, 'closed')
  return nanosecondsPerCall(tookMs, FAILURES_TIMED)
}

function fill(breaker: SharedCircuitBreaker, calls: number): void {
  for (let bucket = 0; bucket < buckets; bucket++) {
    aheadMs += bucketMs
    fail(breaker, 1)
    for (let call = 1; call < calls / buckets; call++) breaker.onSuccess(breaker.tryAcquirePermission())
  }
}

function fail(breaker: SharedCircuitBreaker, times: number): void {
  for (let call = 0; call < times; call++) breaker.onError(breaker.tryAcquirePermission(), fault)
}
