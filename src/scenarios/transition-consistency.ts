import { planOf, refusedOption, steadyLimits } from '../plan-options.js'
import type { Scenario } from '../scenario.js'

const name = 'transition-consistency'

const scenario: Scenario = {
  name,
  description:
    '500 calls, 30 in flight, 15 % fail, on a breaker that opens after two failures in a row: every transition is recorded, and legal.',
  targets: ['shared'],

  plan(options) {
    if (options.ratePerSecond !== undefined) {
      const why = 'keeps a number of requests in flight; say inFlight'
      throw refusedOption(name, 'ratePerSecond', options.ratePerSecond, why)
    }
    const inFlight = options.inFlight ?? 30
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers: 4,
        operation: 'async',
        behaviour: { latency: { type: 'uniform', minMs: 1, maxMs: 5 }, errorRate: 0.15, hangRate: 0, resetRate: 0 },
        breaker: {
          slidingWindow: { type: 'consecutive', size: 2 },
          failureRateThreshold: 0.5,
          minimumCalls: 2,
          waitDurationInOpenStateMs: 5,
          permittedNumberOfCallsInHalfOpenState: 2,
        },
        timeoutMs: 1000,
        pauseAfterRefusalMs: 2,
      },
      options,
      {
        load: { model: 'closed', inFlight },
        stages: [
          { name: 'steady', role: 'steady', ...steadyLimits(options, { requests: 500, inFlight, latencyMsMax: 5 }) },
        ],
        marks: {},
        checkers: ['legal-transitions', 'half-open-admission', 'conservation'],
      },
    )
  },
}

export default scenario
