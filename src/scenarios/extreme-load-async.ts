import { courseOf, everyChecker, quickBreaker } from '../extreme-load.js'
import { planOf, refusedOption, steadyLimits } from '../plan-options.js'
import type { Scenario } from '../scenario.js'

const name = 'extreme-load-async'

const scenario: Scenario = {
  name,
  description:
    '1,500 requests, 150 in flight: each awaits 1–10 ms, 5 % fail; then an outage and the recovery from it. Scales by --requests and --in-flight.',
  targets: ['shared', 'opossum', 'cockatiel', 'none'],

  plan(options) {
    if (options.ratePerSecond !== undefined) {
      const why = 'keeps a number of requests in flight; say inFlight, or take dead-backend for a rate'
      throw refusedOption(name, 'ratePerSecond', options.ratePerSecond, why)
    }
    const inFlight = options.inFlight ?? 150
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers: 2,
        operation: 'async',
        behaviour: {
          latency: { type: 'uniform', minMs: 1, maxMs: 10 },
          errorRate: 0.05,
          hangRate: 0,
          resetRate: 0,
        },
        breaker: quickBreaker,
        timeoutMs: 1000,
        pauseAfterRefusalMs: 5,
      },
      options,
      {
        load: { model: 'closed', inFlight },
        stages: courseOf(500, 300, steadyLimits(options, { requests: 1500, inFlight, latencyMsMax: 10 })),
        marks: {
          throughputPerSecondMin: 100,
          latencyMsP95Max: 100,
          memoryGrowthMbMax: 100,
          processedRateMin: 0.8,
          // Over HTTP a call costs what HTTP costs, which is the machine's affair and not the breaker's; and the ideal counts
          // clients that are dead while a killed worker is replaced.
          ...(options.downstream === 'http' || options.kills ? {} : { efficiencyMin: 0.9 }),
        },
        checkers: everyChecker,
      },
    )
  },
}

export default scenario
