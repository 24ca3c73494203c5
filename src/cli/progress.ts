import type { VerdictResult } from '../checker.js'
import type { Progress } from '../engine.js'
import { megabytes, number, plural, significant, span } from '../reporting/figures.js'

/** One run as the view shows it. */
export interface Shown {
  readonly title: string
  /** Carries it out; never rejects. `onNote` hears what takes long, before it does. */
  carryOut(onProgress: (progress: Progress) => void, onNote: (note: string) => void): Promise<Ending>
}

export interface Ending {
  readonly result: VerdictResult
  /** One line: the figures of the run, or why there are none. */
  readonly summary: string
}

/** Carries the runs out one after another and shows how each gets on; on standard error, which leaves the other to reports. */
export type ProgressView = (runs: readonly Shown[]) => Promise<void>

/** `isVerbose`: the circuit of each view by itself, and what is left to run. */
export function progressText(progress: Progress, isVerbose = false): string {
  const { success, error, ignored, refused, stale } = progress.outcomes
  const ends = [`${number(success)} ok`, `${number(error)} failed`, `${number(refused)} refused`]
  if (ignored > 0) ends.push(`${number(ignored)} ignored`)
  if (stale > 0) ends.push(`${number(stale)} stale`)
  return [
    progress.stage,
    `${(progress.elapsedMs / 1000).toFixed(1)} s`,
    `${number(progress.started)} started`,
    ends.join(', '),
    `${number(progress.throughputPerSecond)}/s`,
    progress.latency
      ? `p50 ${significant(progress.latency.p50Ms)} ms, p99 ${significant(progress.latency.p99Ms)} ms`
      : '',
    megabytes(progress.residentMb),
    circuitsText(progress.circuits, isVerbose),
    `${span(Math.round(progress.remainingMsMax))} left at most`,
    isVerbose ? `${plural(progress.workersAlive, 'worker')} alive, ${number(progress.timeouts)} timeouts` : '',
  ]
    .filter((part) => part !== '')
    .join(' · ')
}

/** One circuit by its state; several by how many are in each. */
function circuitsText(states: Progress['circuits'], isVerbose: boolean): string {
  if (isVerbose && states.length > 1) return `circuits ${states.map((state, view) => `#${view} ${state}`).join(', ')}`
  const counts = new Map<string, number>()
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1)
  if (states.length === 1) return `circuit ${states[0]}`
  const parts = [...counts].map(([state, count]) => `${number(count)} ${state}`)
  return parts.length === 0 ? '' : `${plural(states.length, 'circuit')}: ${parts.join(', ')}`
}
