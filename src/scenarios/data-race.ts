import { planOf, refusedOption, steadyLimits } from '../plan-options.js'
import type { Scenario } from '../scenario.js'

const name = 'data-race'

const scenario: Scenario = {
  name,
  description:
    '20 threads that block for 1–5 ms, 50 calls each, 10 % fail: every call is counted once, to the last. Scales by --requests and --workers.',
  targets: ['shared'],

  plan(options) {
    if (options.ratePerSecond !== undefined) {
      throw refusedOption(name, 'ratePerSecond', options.ratePerSecond, 'keeps every thread blocked; say workers')
    }
    const workers = options.workers ?? options.inFlight ?? 20
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers,
        operation: 'blocking',
        behaviour: { latency: { type: 'uniform', minMs: 1, maxMs: 5 }, errorRate: 0.1, hangRate: 0, resetRate: 0 },
        // Opens now and then, so that results of every kind are counted: refused and stale ones too.
        breaker: {
          slidingWindow: { type: 'time', durationMs: 100, buckets: 4 },
          failureRateThreshold: 0.1,
          minimumCalls: 20,
          waitDurationInOpenStateMs: 5,
          permittedNumberOfCallsInHalfOpenState: 3,
        },
        timeoutMs: 1000,
        pauseAfterRefusalMs: 1,
      },
      { ...options, workers },
      {
        load: { model: 'closed', inFlight: workers },
        stages: [
          {
            name: 'steady',
            role: 'steady',
            ...steadyLimits(options, { requests: 50 * workers, inFlight: workers, latencyMsMax: 5 }),
          },
        ],
        marks: {},
        checkers: ['conservation', 'legal-transitions', 'half-open-admission'],
      },
    )
  },
}

export default scenario
