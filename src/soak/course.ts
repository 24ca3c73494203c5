import { EngineError } from '../engine.js'
import type { Plan, RunOptions, SoakPlan, Stage } from '../plan.js'
import { refusedOption, validPlan } from '../plan-options.js'
import { BETWEEN_MAX } from '../plan-parts.js'
import type { Scenario } from '../scenario.js'

/** What is asked of a rest at most: snapshots of large heaps in many threads take minutes. */
const REST_LIMIT_MS = 3_600_000
const DURATION_MS = 30_000
/** So many samples over the soak, whatever its length: enough for a trend of each half. */
const SAMPLES = 120
const SAMPLE_EVERY_MS_MIN = 250
const SAMPLES_MAX = 5000
/** After the first minutes V8 itself drifts by less: code is compiled, thrown away, and compiled again. */
const LEAST_BYTES_PER_SECOND = 1024
/** Threads that don't leak, at 5,000 calls/s: about half of it in 15 s, on a machine with ten times as many busy threads as cores. */
const LEAST_BYTES = 2 ** 17
const SNAPSHOT_DIRECTORY = 'profiles'

/** The parts of a plan that make a soak of it. */
export type SoakParts = Pick<Plan, 'stages' | 'soak'>

/**
 * The course of a soak: warm-up to a steady state; a rest; the bare loop, which shows what the engine itself retains;
 * a rest with the first snapshot; the soak, in parts with rests between them if asked; the last rest and snapshot.
 *
 * With a number of requests, the bare loop makes as many. Throws an `EngineError` (`ERR_PLAN`) for what is no soak.
 */
export function soakParts(scenario: string, options: RunOptions): SoakParts {
  const { requests, soak = {} } = options
  const { between = 0 } = soak
  if (options.kills)
    throw refusedOption(scenario, 'kills', options.kills, 'watches what threads retain while they live')
  if (!Number.isInteger(between) || between < 0 || between > BETWEEN_MAX) {
    throw new EngineError('ERR_PLAN', `between is ${between}; allowed: a whole number from 0 to ${BETWEEN_MAX}`)
  }
  if (between > 0 && requests !== undefined) {
    throw refusedOption(scenario, 'requests', requests, 'can be parted by time alone; allowed with between: durationMs')
  }
  const durationMs = options.durationMs ?? DURATION_MS
  const limits = { durationMs, ...(requests === undefined ? {} : { requests }) }
  const bare = requests === undefined ? { durationMs: within(1000, durationMs / 6, 30_000) } : limits
  const parts = between + 1
  const stages: Stage[] = [
    { name: 'warm-up', role: 'warm-up', durationMs: within(2000, durationMs / 6, 30_000) },
    rest('settled'),
    { name: 'bare', role: 'reference', ...bare },
    rest('before'),
  ]
  for (let part = 1; part <= parts; part += 1) {
    const name = parts === 1 ? 'soak' : `soak ${part}`
    stages.push({ name, role: 'steady', ...limits, durationMs: durationMs / parts })
    stages.push(rest(part === parts ? 'after' : `between ${part}`))
  }
  return { stages, soak: soakOf(durationMs, options) }
}

/** A soak of any scenario: its own, if it is one; else its load and its backend, for so long. */
export function soakPlan(scenario: Scenario, options: RunOptions): Plan {
  const { durationMs: _, requests: __, ratePerSecond, ...rest } = options
  const plan = scenario.plan(rest)
  if (plan.exhaustion)
    throw new EngineError('ERR_PLAN', `${plan.scenario}: its processes end with their cases; none can be soaked`)
  if (plan.soak) return scenario.plan(options)
  return validPlan({
    ...plan,
    ...soakParts(plan.scenario, options),
    ...(ratePerSecond === undefined ? {} : { load: { model: 'open' as const, ratePerSecond } }),
    marks: {},
    checkers: [...soakCheckers],
  })
}

export const soakCheckers = ['leak-free', 'memory-overhead', 'conservation', 'pass-marks'] as const

function soakOf(durationMs: number, { soak = {} }: RunOptions): SoakPlan {
  const sampleEveryMs = soak.sampleEveryMs ?? Math.max(SAMPLE_EVERY_MS_MIN, durationMs / SAMPLES)
  if (durationMs / sampleEveryMs > SAMPLES_MAX) {
    const least = Math.ceil(durationMs / SAMPLES_MAX)
    throw new EngineError(
      'ERR_PLAN',
      `sampleEveryMs is ${sampleEveryMs}; allowed for ${durationMs} ms: ${least} or more`,
    )
  }
  return {
    sampleEveryMs,
    leastBytesPerSecond: LEAST_BYTES_PER_SECOND,
    leastBytes: LEAST_BYTES,
    ...(soak.snapshots === false ? {} : { snapshotDirectory: soak.snapshotDirectory ?? SNAPSHOT_DIRECTORY }),
  }
}

function rest(name: string): Stage {
  return { name, role: 'rest', durationMs: REST_LIMIT_MS }
}

function within(min: number, value: number, max: number): number {
  return Math.min(max, Math.max(min, value))
}
