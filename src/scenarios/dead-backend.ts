import { planOf, refusedOption } from '../plan-options.js'
import type { Scenario } from '../scenario.js'

const name = 'dead-backend'

const scenario: Scenario = {
  name,
  description:
    'The backend fails every call: how many reach it, and when does which thread notice? 40 calls/s over 8 workers; --rate for others.',
  targets: ['shared', 'opossum', 'cockatiel'],

  plan(options) {
    if (options.inFlight !== undefined) {
      const why = 'sends calls at a rate, however many are in flight; say ratePerSecond'
      throw refusedOption(name, 'inFlight', options.inFlight, why)
    }
    return planOf(
      {
        scenario: name,
        target: 'shared',
        workers: 8,
        operation: 'async',
        behaviour: {
          latency: { type: 'uniform', minMs: 1, maxMs: 5 },
          errorRate: 1,
          hangRate: 0,
          resetRate: 0,
        },
        breaker: {
          slidingWindow: { type: 'time', durationMs: 10_000, buckets: 10 },
          failureRateThreshold: 0.5,
          minimumCalls: 20,
          waitDurationInOpenStateMs: 5000,
          // The peers let one probe through, whatever they are told: with one here too the counts compare.
          permittedNumberOfCallsInHalfOpenState: 1,
        },
        timeoutMs: 1000,
        pauseAfterRefusalMs: 0,
      },
      options,
      {
        load: { model: 'open', ratePerSecond: options.ratePerSecond ?? 40 },
        stages: [
          {
            name: 'dead',
            role: 'outage',
            // A breaker of its own in each of 8 workers sees 5 calls/s: it has its 20 calls after 4 s.
            durationMs: options.durationMs ?? 8000,
            ...(options.requests === undefined ? {} : { requests: options.requests }),
          },
        ],
        // Nothing here is meant to succeed, so there is no steady stage to hold a mark against.
        marks: {},
        checkers: ['legal-transitions', 'conservation', 'half-open-admission', 'outage-recovery'],
      },
    )
  },
}

export default scenario
