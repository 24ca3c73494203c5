import { z } from 'zod'

/** Parts of a plan that a few scenarios have. Times are milliseconds. */

/** Rests in the middle of a soak, at most: each takes a snapshot of every thread. */
export const BETWEEN_MAX = 20

/** How memory is watched. Between its rests a soak collects each thread's garbage and looks at what is left. */
export const soakSchema = z.strictObject({
  /** How often each thread samples itself; less often where a collection takes more than a tenth of that. */
  sampleEveryMs: z.number().min(20).max(3_600_000),
  /** A thread that grows slower than this, in bytes a second, doesn't leak, however long the soak. */
  leastBytesPerSecond: z
    .number()
    .positive()
    .max(2 ** 30),
  /** Nor does one that grows by less than this in the second half: so much comes and goes of code, pools and calls in flight. */
  leastBytes: z
    .number()
    .nonnegative()
    .max(2 ** 40),
  /** Where heap snapshots of every thread are written, one at each rest; none are taken without it. */
  snapshotDirectory: z.string().min(1).optional(),
})

/** One thread makes the same call bare and through the breaker, in turns; nothing else is run. */
export const overheadSchema = z.strictObject({
  /** How often each of the two has its turn. */
  rounds: z.number().int().min(1).max(100_000),
  turnMs: z.number().positive().max(10_000),
  /** What a call is taken to wait beside what it computes: the overhead is told as a share of both. */
  waitMs: z.number().nonnegative().max(86_400_000),
})
