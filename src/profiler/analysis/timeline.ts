import type { CpuThreadProfile } from './thread-profile.js'

export interface Timeline {
  /** The node of each sample, in order of time. */
  readonly nodeIds: readonly number[]
  /** How long each lasted, in microseconds: until the next one, the last until the profile's end. */
  readonly durations: readonly number[]
}

/**
 * The samples in order of time. V8 hands some over late, so that their deltas are negative. What went before the first
 * sample is the profiler's own beginning, and counts for nobody.
 */
export function timeline({ samples, timeDeltas, startTime, endTime }: CpuThreadProfile): Timeline {
  let time = startTime
  let inOrder = true
  const times = timeDeltas.map((delta, i) => {
    if (i > 0 && delta < 0) inOrder = false
    time += delta
    return time
  })
  const order = [...samples.keys()]
  if (!inOrder) order.sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0))
  return {
    nodeIds: order.map((i) => samples[i] ?? 0),
    durations: order.map((i, at) => {
      const next = order[at + 1]
      const until = next === undefined ? endTime : (times[next] ?? endTime)
      return Math.max(0, until - (times[i] ?? until))
    }),
  }
}
