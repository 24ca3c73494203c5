import type { BreakerPlan, Marks, Plan, RunOptions } from './plan.js'
import { planOf, refusedOption } from './plan-options.js'

/** What both overhead scenarios have in common: one thread, the breaker closed, bare and protected calls in turns. */

const TURN_MS = 2
const ROUNDS = 1000
/** Each of the two has its turn, and once more for the warm-up and the allocation. */
const LIMIT_MS = 60_000

const breaker: BreakerPlan = {
  // The original's: so many failures in a row.
  slidingWindow: { type: 'consecutive', size: 5 },
  failureRateThreshold: 0.5,
  minimumCalls: 20,
  waitDurationInOpenStateMs: 1000,
  permittedNumberOfCallsInHalfOpenState: 5,
}

export interface OverheadCourse {
  readonly scenario: string
  readonly operation: Plan['operation']
  /** What a call is taken to wait. */
  readonly waitMs: number
  readonly marks: Marks
}

/** `requests` are rounds: how often each of the two loops has its turn. */
export function overheadPlan({ scenario, operation, waitMs, marks }: OverheadCourse, options: RunOptions): Plan {
  for (const option of ['inFlight', 'ratePerSecond', 'workers', 'kills', 'faults', 'downstream'] as const) {
    if (options[option] === undefined || isUsual(option, options[option])) continue
    const why = 'makes one call after another in one thread, to no backend; say requests for more or fewer turns'
    throw refusedOption(scenario, option, options[option], why)
  }
  return planOf(
    {
      scenario,
      target: 'shared',
      workers: 1,
      operation,
      behaviour: { latency: { type: 'constant', ms: 0 }, errorRate: 0, hangRate: 0, resetRate: 0 },
      breaker,
      timeoutMs: 1000,
      pauseAfterRefusalMs: 0,
    },
    options,
    {
      load: { model: 'closed', inFlight: 1 },
      stages: [{ name: 'turns', role: 'steady', durationMs: options.durationMs ?? LIMIT_MS }],
      overhead: { rounds: options.requests ?? ROUNDS, turnMs: TURN_MS, waitMs },
      marks,
      checkers: ['overhead'],
    },
  )
}

/** What a report's command says of such a run, as of any other. */
const usual: Readonly<Partial<Record<keyof RunOptions, unknown>>> = { inFlight: 1, workers: 1, downstream: 'simulated' }

function isUsual(option: keyof RunOptions, value: unknown): boolean {
  return usual[option] === value
}
