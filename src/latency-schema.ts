import { z } from 'zod'

const ms = z.number()

/** A distribution of times in a report, as `LatencySummary` has it. */
export const latencySummary = z.strictObject({
  count: z.number().int().nonnegative(),
  minMs: ms,
  meanMs: ms,
  p50Ms: ms,
  p95Ms: ms,
  p99Ms: ms,
  p999Ms: ms,
  p9999Ms: ms,
  maxMs: ms,
  percentiles: z.array(z.strictObject({ percentile: z.number(), ms })),
})
