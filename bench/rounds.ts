import { type Loop, takeTurns } from '../src/profiler/turns.js'
import type { Effort } from './measure.js'

/** The best time of each candidate, in nanoseconds a call: what other processes do can only add. */
export async function bestOf<Name extends string>(
  candidates: Readonly<Record<Name, Loop>>,
  effort: Effort,
): Promise<Record<Name, number>> {
  const series = await takeTurns(candidates, effort)
  const names = Object.keys(candidates) as Name[]
  return Object.fromEntries(names.map((name) => [name, Math.min(...series[name])])) as Record<Name, number>
}
