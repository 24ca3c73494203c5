import { SharedCircuitBreaker, type SlidingWindow } from '../../src/index.js'
import { nanosecondsPerCall } from '../../src/profiler/turns.js'
import { breakerWith, expectState } from '../breakers.js'
import type { Effort, Measure } from '../measure.js'
import { type Mark, ratio, row } from '../row.js'

/**
 * What a failure costs, since each asks the window for a verdict: with few calls in it, and with many; on few threads, and on many.
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
  threadsMeasure(),
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

/** Ends of one breaker in one thread, as many as there would be threads, and each with results in every bucket. */
function threadsMeasure(): Measure {
  const [few, many] = [1, 100]
  return {
    name: 'failure-cost-threads',
    async run(effort: Effort) {
      const best = new Map([few, many].map((threads) => [threads, Number.POSITIVE_INFINITY]))
      for (let stretch = 0; stretch < effort.rounds * STRETCHES_A_ROUND; stretch++) {
        for (const [threads, least] of best) best.set(threads, Math.min(least, oneOf(threads)))
      }
      const [ofFew = 0, ofMany = 0] = best.values()
      return [
        row({
          title: 'one failure, time window of many threads to one of one',
          figures: [
            { name: `of ${many}`, value: ofMany, unit: 'ns' },
            { name: `of ${few}`, value: ofFew, unit: 'ns' },
          ],
          reading: 'many ÷ one',
          result: ratio(ofMany, ofFew),
          unit: '×',
          wanted: { atMost: 2 },
        }),
      ]
    },
  }
}

function oneOf(threads: number): number {
  const time = { type: 'time', durationMs: buckets * bucketMs, buckets } as const
  const first = breakerWith(time, { failureRateThreshold: 0.9, maxThreads: threads }, { clock })
  const ends = [first]
  while (ends.length < threads) ends.push(SharedCircuitBreaker.attach(first.handle, {}, { clock }))
  for (let bucket = 0; bucket < buckets; bucket++) {
    aheadMs += bucketMs
    for (const end of ends) {
      for (let call = 0; call < FEW; call++) end.onSuccess(end.tryAcquirePermission())
      end.onError(end.tryAcquirePermission(), fault)
    }
  }
  const began = performance.now()
  for (let call = 0; call < MANY / FEW; call++) {
    const end = ends[call % threads] as SharedCircuitBreaker
    end.onError(end.tryAcquirePermission(), fault)
  }
  const tookMs = performance.now() - began
  expectState(first, 'closed')
  for (const end of ends) end.detach()
  return nanosecondsPerCall(tookMs, MANY / FEW)
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
