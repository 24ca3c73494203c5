import { quickBreaker } from '../extreme-load.js'
import type { Load, Marks, RunOptions, Shape, Stage, StageLoad } from '../plan.js'
import { planOf, refusedOption, steadyLimits } from '../plan-options.js'
import type { Scenario } from '../scenario.js'

const name = 'degradation'
const LEVELS = [10, 25, 50, 100, 150, 200]
const CALLS_PER_SECOND = 2000
const CALL_MS = 5
const WARM_UP_MS = 1000
/** Of each level: as many calls as any statistics want, 800 of the smallest level's. */
const LEVEL_MS = 2000
/** A shape lies between this share of its rate and the whole of it. */
const QUIET_SHARE = 0.1
const STEPS = 5

const scenario: Scenario = {
  name,
  description:
    '10, 25, 50, 100, 150, 200 in flight, 2 s each, every call awaits 5 ms: what does more load cost? --levels for others; --shape ramp, step, spike or soak for a rate, with --rate.',
  targets: ['shared', 'opossum', 'cockatiel', 'none'],

  plan(options) {
    const shape = shapeOf(options)
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers: 2,
        operation: 'async',
        behaviour: { latency: { type: 'constant', ms: CALL_MS }, errorRate: 0, hangRate: 0, resetRate: 0 },
        breaker: quickBreaker,
        timeoutMs: 1000,
        pauseAfterRefusalMs: 5,
      },
      options,
      {
        ...(shape === 'levels' ? levelParts(options) : rateParts(shape, options)),
        shape,
        checkers: ['legal-transitions', 'conservation', 'half-open-admission', 'degradation', 'pass-marks'],
      },
    )
  },
}

function shapeOf(options: RunOptions): Shape {
  const shape = options.shape ?? (options.ratePerSecond === undefined ? 'levels' : 'ramp')
  if (options.inFlight !== undefined) {
    throw refusedOption(name, 'inFlight', options.inFlight, 'goes through several; say levels')
  }
  const other = shape === 'levels' ? 'ratePerSecond' : 'levels'
  if (options[other] !== undefined) throw refusedOption(name, other, options[other], `doesn't go with shape "${shape}"`)
  return shape
}

interface Parts {
  readonly load: Load
  readonly stages: Stage[]
  readonly marks: Marks
}

function levelParts(options: RunOptions): Parts {
  const levels = options.levels ?? LEVELS
  const [least, most] = [Math.min(...levels), Math.max(...levels)]
  // All have the same limits, those of the slowest, so that one of them speaks for all.
  const limits =
    options.requests === undefined
      ? { durationMs: options.durationMs ?? LEVEL_MS }
      : steadyLimits(options, { requests: options.requests, inFlight: least, latencyMsMax: CALL_MS })
  return {
    load: { model: 'closed', inFlight: most },
    stages: [
      { name: 'warm-up', role: 'warm-up', durationMs: WARM_UP_MS },
      ...levels.map((inFlight) => ({
        ...steady(`${inFlight} in flight`, { model: 'closed', inFlight }, 0),
        ...limits,
      })),
    ],
    marks: {
      throughputFallMax: 0.5,
      latencyRiseMax: 3,
      levelSuccessRateMin: 0.8,
      levelSuccessUpTo: 100,
      memoryGrowthMbMax: 50,
    },
  }
}

/** Throughput follows the rate, so what may fall here is success, and what may rise is latency. */
function rateParts(shape: Exclude<Shape, 'levels'>, options: RunOptions): Parts {
  const rate = options.ratePerSecond ?? CALLS_PER_SECOND
  return {
    load: { model: 'open', ratePerSecond: rate },
    stages: [
      { name: 'warm-up', role: 'warm-up', durationMs: WARM_UP_MS },
      ...shapes[shape](rate, options.durationMs).map((stage) => ({
        ...stage,
        ...(options.requests === undefined ? {} : { requests: options.requests }),
      })),
    ],
    marks: { latencyRiseMax: 3, levelSuccessRateMin: 0.8, memoryGrowthMbMax: 50 },
  }
}

type MakeStages = (ratePerSecond: number, durationMs?: number) => Stage[]

/** `durationMs` is that of each stage. */
const shapes: Readonly<Record<Exclude<Shape, 'levels'>, MakeStages>> = {
  ramp: (rate, durationMs = 5000) => [
    constant('quiet', rate * QUIET_SHARE, durationMs),
    steady('ramp', { model: 'open', ratePerSecond: rate * QUIET_SHARE, toRatePerSecond: rate }, durationMs),
    constant('full', rate, durationMs),
  ],
  step: (rate, durationMs = 3000) =>
    Array.from({ length: STEPS }, (_, step) => constant(`step ${step + 1}`, (rate * (step + 1)) / STEPS, durationMs)),
  spike: (rate, durationMs = 3000) => [
    constant('before', rate * QUIET_SHARE, durationMs),
    constant('spike', rate, durationMs),
    constant('after', rate * QUIET_SHARE, durationMs),
  ],
  soak: (rate, durationMs = 30_000) => [
    constant('first half', rate, durationMs),
    constant('second half', rate, durationMs),
  ],
}

function constant(stage: string, ratePerSecond: number, durationMs: number): Stage {
  return steady(stage, { model: 'open', ratePerSecond }, durationMs)
}

function steady(stage: string, load: StageLoad, durationMs: number): Stage {
  return { name: stage, role: 'steady', load, durationMs }
}

export default scenario
