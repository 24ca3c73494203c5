import { availableParallelism } from 'node:os'
import { courseOf, everyChecker, quickBreaker } from '../extreme-load.js'
import { planOf, refusedOption, steadyLimits } from '../plan-options.js'
import type { Scenario } from '../scenario.js'

const name = 'extreme-load-sync'
/** Each thread compiles the code for itself, about 0.2 s of a core's time: until then figures are the compiler's. */
const COMPILING_MS_PER_THREAD = 220
/** The original's 1,000 requests take 30 ms, in which one late thread decides; `--requests 1000` asks for them. */
const STEADY_REQUESTS = 100_000

const scenario: Scenario = {
  name,
  description:
    '100,000 requests from 100 threads that block for 1–5 ms each, 10 % fail; then an outage and the recovery from it. Scales by --requests and --workers.',
  targets: ['shared', 'none'],

  plan(options) {
    if (options.ratePerSecond !== undefined) {
      const why = 'keeps every thread blocked; say workers, or take dead-backend for a rate'
      throw refusedOption(name, 'ratePerSecond', options.ratePerSecond, why)
    }
    // A thread that blocks has one request in flight, so each of the two numbers gives the other.
    const workers = options.workers ?? options.inFlight ?? 100
    if (options.inFlight !== undefined && options.inFlight !== workers) {
      const why = `blocks a thread for each request in flight; allowed with workers ${workers}: ${workers}, or none`
      throw refusedOption(name, 'inFlight', options.inFlight, why)
    }
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers,
        operation: 'blocking',
        behaviour: {
          latency: { type: 'uniform', minMs: 1, maxMs: 5 },
          errorRate: 0.1,
          hangRate: 0,
          resetRate: 0,
        },
        breaker: quickBreaker,
        timeoutMs: 1000,
        pauseAfterRefusalMs: 5,
      },
      { ...options, workers },
      {
        load: { model: 'closed', inFlight: workers },
        stages: courseOf(
          500 + (COMPILING_MS_PER_THREAD * workers) / availableParallelism(),
          1000,
          steadyLimits(options, { requests: STEADY_REQUESTS, inFlight: workers, latencyMsMax: 5 }),
        ),
        marks: {
          throughputPerSecondMin: 50,
          memoryGrowthMbMax: 50,
          processedRateMin: 0.7,
          // The ideal counts threads that are dead while a killed worker is replaced.
          ...(options.kills ? {} : { efficiencyMin: 0.9 }),
        },
        checkers: everyChecker,
      },
    )
  },
}

export default scenario
