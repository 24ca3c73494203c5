import { setImmediate } from 'node:timers/promises'
import { monotonicClock } from '../world/clock.js'
import type { Baton } from './baton.js'

/**
 * Makes the measured call `times` times, and nothing else. Each candidate has a loop of its own, written out: in a loop
 * that they shared V8 would see many callees, and stop inlining any.
 */
export type Loop = (times: number) => void | Promise<void>

export interface Turns {
  /** How often each candidate has its turn. */
  readonly rounds: number
  readonly turnMs: number
  /** Asked before each round; the ones that were are kept. */
  readonly goesOn?: () => boolean
  /** Shared with another thread, whose candidates have their turns between these; ends with the rounds that both have. */
  readonly baton?: Baton
}

const FIRST_TIMES = 500
const TIMES_MAX = 2 ** 28
const WARM_UP_TURNS = 6
/** A machine that interrupts more than these interrupts nearly all. */
const TRIES = 4

/**
 * The times of each candidate, in nanoseconds a call, round by round.
 *
 * They take turns, A B C, C B A, A B C …, so that a slow second of the machine falls on all of them, and that none always comes
 * after the same other; with a baton, whoever is second in a round begins with the last, so that the last of both are neighbours. A turn is timed as a whole, so that of the clock's own cost a call has its hundred-thousandth part.
 */
export async function takeTurns<Name extends string>(
  candidates: Readonly<Record<Name, Loop>>,
  { rounds, turnMs, goesOn = () => true, baton }: Turns,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(candidates) as Name[]
  const series = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>
  const times = Object.fromEntries(names.map((name) => [name, FIRST_TIMES])) as Record<Name, number>
  await baton?.take()
  for (const name of names) times[name] = await timesFor(candidates[name], turnMs)
  baton?.pass()
  for (let round = 0; round < rounds && goesOn(); round += 1) {
    if (baton && !(await baton.take())) break
    for (const name of (baton?.isFirst ?? round % 2 === 0) ? names : names.toReversed()) {
      const tookMs = await undisturbed(candidates[name], times[name])
      series[name].push(nanosecondsPerCall(tookMs, times[name]))
    }
    baton?.pass()
  }
  return series
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

/**
 * The best of a few turns if the system took the processor away in the first: how long others had it says nothing about the loop.
 * The switches that it counts are those of all threads of the process, so that a turn may be made again without need.
 */
async function undisturbed(loop: Loop, times: number): Promise<number> {
  let best = Number.POSITIVE_INFINITY
  for (let tried = 0; tried < TRIES; tried += 1) {
    const before = process.resourceUsage().involuntaryContextSwitches
    best = Math.min(best, await timed(loop, times))
    if (process.resourceUsage().involuntaryContextSwitches === before) break
  }
  return best
}

async function timed(loop: Loop, times: number): Promise<number> {
  // Lets what the loop before left behind be done with first: promises to look after, garbage.
  await setImmediate()
  const began = monotonicClock.nowMs()
  const pending = loop(times)
  if (pending !== undefined) await pending
  return monotonicClock.nowMs() - began
}
