import type { VerdictResult } from '../checker.js'
import type { Evidence, SoakSample, SoakThread } from '../evidence.js'
import { partJumps } from '../statistics/jumps.js'
import type { Reading } from '../statistics/ranks.js'
import { READINGS_MIN, type Trend, trendOf } from '../statistics/trend.js'

/** How fast what a thread retains grows, and whether it is going to stop. */
export interface Pace {
  readonly thread: string
  readonly result: VerdictResult
  readonly reason: string
  /** Over the whole soak; undefined of fewer than ten samples. Bytes a second. */
  readonly trend: Trend | undefined
  /** Over its second half: of what fills up and stops only the first half tells. */
  readonly late: Trend | undefined
  /** What the bare loop alone grows by in this thread, bytes a second; 0 where that is no more than noise. */
  readonly ownOfEngine: number
  /** What is slower is no leak, or none that a soak of this length could tell; bytes a second. */
  readonly least: number
  /** Bytes retained for each call of this thread, at the pace of the second half. */
  readonly bytesPerCall: number | undefined
  /** Until V8 ends the thread, at the pace of the second half; undefined where it doesn't grow. */
  readonly hoursToLimit: number | undefined
}

/** A trend that is less sure than this may be chance: in 740 soaks without a leak one has it. */
const DEVIATIONS_MIN = 3
const MS_PER_HOUR = 3_600_000

/**
 * Whether one thread leaks.
 *
 * - `invalid`: in its second half it grows by more than the least slope and by more than chance: z > 3, and the whole
 *   interval of the slope lies above it. And over the whole soak it grew too: what fills and empties in turn doesn't.
 * - `valid`: in its second half it grows by less than the least slope, with the whole of the interval.
 * - `unknown`: the noise is larger than what is asked about, or there are too few samples. A longer soak tells.
 *
 * Jumps are looked at apart. What grows by small steps between them grows, though a Map that doubles its table hides it; what
 * is flat between them is flat, if they come to nothing together.
 *
 * What fills up and stops is no leak; what is still filling when the soak ends can't be told from one, and counts as one.
 */
export function paceOf(evidence: Evidence, thread: SoakThread): Pace {
  const readings = readingsOf(evidence, thread)
  const trend = trendOf(readings)
  const lateReadings = secondHalf(readings)
  const late = trendOf(lateReadings)
  const ownOfEngine = engineSlope(evidence, thread)
  const least = leastSlope(evidence, lateReadings) + ownOfEngine
  const { smooth, jumped } = partJumps(lateReadings)
  const between = { trend: trendOf(smooth), jumpedPerSecond: jumped / secondsOf(lateReadings) }
  const judged = judge({ trend, early: trendOf(firstHalf(readings)), late, between }, least, readings.length)
  const pace = late?.slope ?? trend?.slope
  const callsPerSecond = callRate(evidence, thread)
  const last = thread.samples.at(-1)
  const grows = pace !== undefined && pace > 0 && judged.result !== 'valid'
  return {
    thread: thread.thread,
    ...judged,
    trend,
    late,
    ownOfEngine,
    least,
    bytesPerCall: pace === undefined || callsPerSecond === 0 ? undefined : pace / callsPerSecond,
    hoursToLimit: grows && last ? ((thread.heapLimitBytes - last.usedBytes) / pace / MS_PER_HOUR) * 1000 : undefined,
  }
}

/** The longer the soak, the finer it sees: what comes and goes does not add up, and a leak does. */
function leastSlope({ plan }: Evidence, late: readonly Reading[]): number {
  const { leastBytesPerSecond = 0, leastBytes = 0 } = plan.soak ?? {}
  return Math.max(leastBytesPerSecond, leastBytes / secondsOf(late))
}

/** Of fewer than two readings no time at all, by which nothing is divided. */
function secondsOf(readings: readonly Reading[]): number {
  return (readings.at(-1)?.at ?? 0) - (readings[0]?.at ?? 0) || Number.POSITIVE_INFINITY
}

interface Trends {
  readonly trend: Trend | undefined
  readonly early: Trend | undefined
  readonly late: Trend | undefined
  /** The second half without its jumps, and what these come to. */
  readonly between: { readonly trend: Trend | undefined; readonly jumpedPerSecond: number }
}

function judge(
  { trend, early, late, between }: Trends,
  least: number,
  samples: number,
): Pick<Pace, 'result' | 'reason'> {
  if (!trend || !late) {
    return { result: 'unknown', reason: `${samples} samples; a trend of each half needs ${2 * READINGS_MIN}` }
  }
  const { jumpedPerSecond } = between
  const growsBetweenJumps =
    between.trend !== undefined && growsBy(between.trend, least) && jumpedPerSecond >= 0 && late.slope > least
  if ((growsBy(late, least) || growsBetweenJumps) && trend.slope > least / 2)
    return { result: 'invalid', reason: 'grows, and goes on growing' }
  const isFlatBetweenJumps =
    between.trend !== undefined && between.trend.slopeMax + Math.max(0, jumpedPerSecond) < least
  if (late.slopeMax < least || isFlatBetweenJumps) {
    const grew = early !== undefined && early.slope > least
    return { result: 'valid', reason: grew ? 'grew, and has stopped' : 'does not grow' }
  }
  return { result: 'unknown', reason: 'noise hides whether it grows; a longer soak tells' }
}

function growsBy({ z, slopeMin }: Trend, least: number): boolean {
  return z > DEVIATIONS_MIN && slopeMin > least
}

/**
 * What one call in flight holds, by least squares over the changes from sample to sample: there a slow growth is nearly
 * nothing, and calls in flight come and go.
 */
function heldByOneInFlight(samples: readonly SoakSample[]): number {
  let together = 0
  let alone = 0
  for (let index = 1; index < samples.length; index += 1) {
    const earlier = samples[index - 1] as SoakSample
    const later = samples[index] as SoakSample
    const change = later.inFlight - earlier.inFlight
    together += change * (heldBy(later) - heldBy(earlier))
    alone += change * change
  }
  return alone === 0 ? 0 : Math.max(0, together / alone)
}

function heldBy({ usedBytes, externalBytes }: SoakSample): number {
  return usedBytes + externalBytes
}

/** Bytes by seconds of work: rests are left out, for nothing grows in them; and so is what calls in flight hold. */
function readingsOf({ plan, stages }: Evidence, { samples }: SoakThread) {
  let restedMs = 0
  const restedBefore = stages.map(({ role, startedAtMs, endedAtMs }) => {
    if (role === 'rest') restedMs += endedAtMs - startedAtMs
    return restedMs
  })
  const steady = samples.filter(({ stage }) => plan.stages[stage]?.role === 'steady')
  const bytesPerInFlight = heldByOneInFlight(steady)
  return steady.map((sample) => ({
    at: (sample.atMs - (restedBefore[sample.stage] ?? 0)) / 1000,
    value: heldBy(sample) - bytesPerInFlight * sample.inFlight,
  }))
}

function firstHalf(readings: readonly Reading[]): Reading[] {
  return readings.filter(({ at }) => at < middleOf(readings))
}

function secondHalf(readings: readonly Reading[]): Reading[] {
  return readings.filter(({ at }) => at >= middleOf(readings))
}

function middleOf(readings: readonly Reading[]): number {
  return ((readings[0]?.at ?? 0) + (readings.at(-1)?.at ?? 0)) / 2
}

/** From the rests before and after the bare loop: what the engine retains without any breaker. */
function engineSlope({ plan, stages }: Evidence, { samples }: SoakThread): number {
  const bare = samples.filter(({ stage }) => plan.stages[stage]?.role === 'reference')
  const began = stages.find(({ role }) => role === 'reference')?.startedAtMs ?? 0
  const trend = trendOf(
    bare.map(({ atMs, usedBytes, externalBytes }) => ({ at: (atMs - began) / 1000, value: usedBytes + externalBytes })),
  )
  return trend && trend.z > DEVIATIONS_MIN ? Math.max(0, trend.slopeMin) : 0
}

function callRate({ plan }: Evidence, { samples }: SoakThread): number {
  const ofSoak = samples.filter(({ stage }: SoakSample) => plan.stages[stage]?.role === 'steady')
  const [first] = ofSoak
  const last = ofSoak.at(-1)
  if (!first || !last || last.atMs === first.atMs) return 0
  return ((last.calls - first.calls) * 1000) / (last.atMs - first.atMs)
}
