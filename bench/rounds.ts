import { setImmediate } from 'node:timers/promises'
import type { Effort } from './measure.js'

/**
 * Makes the measured call `times` times, and nothing else. Each candidate has a loop of its own, written out: in a loop
 * that they shared V8 would see many callees, and stop inlining any.
 */
export type Loop = (times: number) => void | Promise<void>

const FIRST_TIMES = 500
const TIMES_MAX = 2 ** 28
const WARM_UP_TURNS = 6

/**
 * The best time of each candidate, in nanoseconds a call.
 *
 * They take turns, A B C A B C …, so that a slow second of the machine falls on all of them, and of each the least counts:
 * what other processes do can only add.
 */
export async function bestOf<Name extends string>(
  candidates: Readonly<Record<Name, Loop>>,
  effort: Effort,
): Promise<Record<Name, number>> {
  const names = Object.keys(candidates) as Name[]
  const best = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as Record<Name, number>
  const times = Object.fromEntries(names.map((name) => [name, FIRST_TIMES])) as Record<Name, number>
  for (const name of names) times[name] = await timesFor(candidates[name], effort.turnMs)
  for (let round = 0; round < effort.rounds; round++) {
    for (const name of names) {
      const tookMs = await timed(candidates[name], times[name])
      best[name] = Math.min(best[name], nanosecondsPerCall(tookMs, times[name]))
    }
  }
  return best
}

export function nanosecondsPerCall(tookMs: number, times: number): number {
  return (tookMs * 1e6) / times
}

/** How many calls fill a turn. Finding out warms the loop up, too. */
async function timesFor(loop: Loop, turnMs: number): Promise<number> {
  for (let turn = 0; turn < WARM_UP_TURNS; turn++) await timed(loop, FIRST_TIMES)
  let times = FIRST_TIMES
  for (;;) {
    const tookMs = await timed(loop, times)
    // Ends: the number doubles.
    if (tookMs >= turnMs / 4 || times >= TIMES_MAX) return Math.ceil((times * turnMs) / Math.max(tookMs, turnMs / 8))
    times *= 2
  }
}

async function timed(loop: Loop, times: number): Promise<number> {
  // Lets what the loop before left behind be done with first: promises to look after, garbage.
  await setImmediate()
  const began = performance.now()
  const pending = loop(times)
  if (pending !== undefined) await pending
  return performance.now() - began
}
