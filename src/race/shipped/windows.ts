import type { Rules } from '../../breaker/options.js'

/** Each kind of window, as small as it can be and still open after two failures of four. */
export const windows = {
  consecutive: { slidingWindow: { type: 'consecutive', size: 3 } },
  count: { slidingWindow: { type: 'count', size: 4 }, minimumCalls: 2, failureRateThreshold: 0.5 },
  time: { slidingWindow: { type: 'time', durationMs: 1000, buckets: 2 }, minimumCalls: 2, failureRateThreshold: 0.5 },
} as const satisfies Record<string, Rules>
