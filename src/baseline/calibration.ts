import { monotonicClock } from '../world/clock.js'

/**
 * The fixed reference workload: what this machine gives to one thread at this moment, in milliseconds. Arithmetic, a table larger
 * than the nearest cache, and promises, as a breaker's callers have them. The best of a few counts: others can only slow it down.
 *
 * It may never change, or baselines of different versions can't be compared: `CALIBRATION_VERSION` stands in each of them.
 */
export const CALIBRATION_VERSION = 1

const REPEATS = 5
const STEPS = 1_000_000
const PROMISES = 20_000
const TABLE = 1 << 16

export async function calibrationMs(): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    const began = monotonicClock.nowMs()
    await work()
    best = Math.min(best, monotonicClock.nowMs() - began)
  }
  return best
}

async function work(): Promise<number> {
  const table = Array.from({ length: TABLE }, (_, index) => index)
  let at = 1
  for (let step = 0; step < STEPS; step += 1) {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0
    table[at & (TABLE - 1)] = (table[(at >>> 8) & (TABLE - 1)] as number) + 1
  }
  for (let count = 0; count < PROMISES; count += 1) at += await count
  return at
}
