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
  const sorted = inOrder ? { nodeIds: samples, times } : inOrderOfTime(samples, times)
  const durations = sorted.times.map((from, i) => Math.max(0, (sorted.times[i + 1] ?? endTime) - from))
  return { nodeIds: sorted.nodeIds, durations }
}

function inOrderOfTime(samples: readonly number[], times: readonly number[]) {
  const order = [...samples.keys()].sort((a, b) => (times[a] ?? 0) - (times[b] ?? 0))
  return { nodeIds: order.map((i) => samples[i] ?? 0), times: order.map((i) => times[i] ?? 0) }
}
