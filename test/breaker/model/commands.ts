import fc from 'fast-check'
import type { CircuitState, Configuration } from '../../../src/index.js'
import type { Outcome } from './reference-model.js'

/** How many ends of the circuit there are, all in one thread. */
export const ENDS = 2

/** One thing that is done to the breaker and to the model. Plain data, so that a sequence that failed can be read and run again. */
export type Command =
  | { readonly do: 'acquire'; readonly end: number }
  /** Reports one of the calls that were not reported, however old: `which` counts around them. */
  | { readonly do: 'report'; readonly which: number; readonly outcome: Outcome }
  | { readonly do: 'report again'; readonly which: number; readonly outcome: Outcome }
  /** Acquires, takes so long, and reports. */
  | {
      readonly do: 'call'
      readonly end: number
      readonly times: number
      readonly fails: boolean
      readonly tookMs: number
    }
  | { readonly do: 'pass'; readonly ms: number }
  /** Lets time pass to one of the deadlines that are to come, or to a little before or after. */
  | { readonly do: 'pass to deadline'; readonly which: number; readonly offMs: number }
  | { readonly do: 'change'; readonly end: number; readonly to: CircuitState; readonly forMs: number | undefined }
  | { readonly do: 'reset'; readonly end: number }
  | { readonly do: 'reconfigure'; readonly end: number; readonly rules: Partial<Configuration> }

/** What a breaker and its model begin with. */
export interface Setting {
  readonly rules: Configuration
  readonly initialState: CircuitState
  readonly startMs: number
}

const YEAR_MS = 365 * 24 * 3_600_000

const rate = fc.constantFrom(1, 0.5, 0.25, 0.1, 0.07, 0.9, 1 / 3, 2 / 3, 3 / 7, 1e-9)
const size = fc.constantFrom(1, 2, 3, 5, 10)
const wait = fc.constantFrom(0, 1, 10, 100, 1000)
const wholeMs = fc.constantFrom(0.5, 1, 7, 50, 300)
const states = fc.constantFrom<CircuitState>('closed', 'open', 'half-open', 'forced-open', 'disabled', 'metrics-only')

const window: fc.Arbitrary<Configuration['slidingWindow']> = fc.oneof(
  fc.record({ type: fc.constant('consecutive' as const), size }),
  fc.record({ type: fc.constant('count' as const), size }),
  fc.record({
    type: fc.constant('time' as const),
    durationMs: fc.constantFrom(1, 10, 100, 1000, 10_000),
    buckets: fc.constantFrom(1, 2, 3, 7, 10),
  }),
)

const growingWait = fc.record({
  initialMs: wait,
  multiplier: fc.constantFrom(1, 2, 3),
  maxMs: fc.constantFrom(5, 200, 3000),
  randomizationFactor: fc.constant(0),
})

const eachRule = {
  slidingWindow: window,
  failureRateThreshold: rate,
  slowCallDurationThresholdMs: fc.option(wholeMs, { nil: undefined }),
  slowCallRateThreshold: rate,
  minimumCalls: fc.integer({ min: 1, max: 10 }),
  waitDurationInOpenStateMs: fc.oneof(wait, growingWait),
  permittedNumberOfCallsInHalfOpenState: fc.integer({ min: 1, max: 4 }),
  maxWaitDurationInHalfOpenStateMs: fc.constantFrom(0, 0, 5, 100),
  transitionToStateAfterWaitDuration: fc.constantFrom('open' as const, 'closed' as const),
  leaseDurationMs: fc.constantFrom(0, 2, 20, 500, 60_000),
  rampUp: fc.option(fc.record({ shares: fc.array(rate, { minLength: 1, maxLength: 3 }), stepDurationMs: wholeMs }), {
    nil: undefined,
  }),
  quorum: fc.constant(1),
  stalledCalls: fc.constant(undefined),
  maxConcurrentCalls: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 2 }),
  timeoutMs: fc.constant(undefined),
}

/** A consecutive window has no rates, so no call is slow with it. */
export function isAllowed({ slidingWindow, slowCallDurationThresholdMs }: Configuration): boolean {
  return slidingWindow.type !== 'consecutive' || slowCallDurationThresholdMs === undefined
}

/**
 * Whether there is room in a breaker for these rules. The ring of a count window has room for a call more for each thread, and
 * is rounded up to a power of two.
 */
export function fits(wanted: Configuration, created: Configuration): boolean {
  const sizeOf = ({ slidingWindow: window }: Configuration) =>
    window.type === 'count' ? 2 ** Math.ceil(Math.log2(window.size + ENDS)) : 0
  const bucketsOf = ({ slidingWindow: window }: Configuration) => (window.type === 'time' ? window.buckets : 0)
  return (
    sizeOf(wanted) <= sizeOf(created) &&
    bucketsOf(wanted) <= bucketsOf(created) &&
    wanted.permittedNumberOfCallsInHalfOpenState <= created.permittedNumberOfCallsInHalfOpenState &&
    (wanted.maxConcurrentCalls ?? 0) <= (created.maxConcurrentCalls ?? 0)
  )
}

export const settings: fc.Arbitrary<Setting> = fc.record({
  rules: fc.record(eachRule).filter(isAllowed),
  initialState: fc.oneof(
    { weight: 8, arbitrary: fc.constant<CircuitState>('closed') },
    { weight: 2, arbitrary: states },
  ),
  startMs: fc.constantFrom(0, 1_000_000, 2 ** 31 - 20, 2 ** 32 - 20, 30 * YEAR_MS),
})

const end = fc.integer({ min: 0, max: ENDS - 1 })
const which = fc.nat(1000)
const outcome = fc.constantFrom<Outcome>('success', 'error', 'error', 'ignored')
const gapMs = fc.constantFrom(0.5, 1, 3, 10, 33.5, 100, 999, 10_000)
const longGapMs = fc.constantFrom(3_600_000, 2 ** 31, 2 ** 32 - 1, 2 ** 32 + 1, YEAR_MS)

export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    { weight: 20, arbitrary: fc.record({ do: fc.constant('acquire' as const), end }) },
    { weight: 22, arbitrary: fc.record({ do: fc.constant('report' as const), which, outcome }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('report again' as const), which, outcome }) },
    {
      weight: 20,
      arbitrary: fc.record({
        do: fc.constant('call' as const),
        end,
        times: fc.integer({ min: 1, max: 4 }),
        fails: fc.boolean(),
        tookMs: fc.constantFrom(0, 0, 0.5, 1, 10, 300),
      }),
    },
    { weight: 7, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: gapMs }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: longGapMs }) },
    {
      weight: 14,
      arbitrary: fc.record({
        do: fc.constant('pass to deadline' as const),
        which,
        offMs: fc.constantFrom(0, 0, -0.5, 0.5),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('change' as const),
        end,
        to: states,
        forMs: fc.option(wholeMs, { nil: undefined }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reset' as const), end }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('reconfigure' as const),
        end,
        rules: fc.record(eachRule, { requiredKeys: [] }),
      }),
    },
  ),
  { minLength: 1, maxLength: 60, size: 'max' },
)
