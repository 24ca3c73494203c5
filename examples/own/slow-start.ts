import { planOf, type Scenario, steadyLimits } from 'busbar/stress'

/** A scenario of one's own: a backend that is slow at first, then well, then gone, then well again. */
export default {
  name: 'slow-start',
  description: 'A backend that is slow at first: 20 in flight, then an outage and the recovery from it.',
  targets: ['./failures-in-a-row.ts', 'shared'],

  plan(options) {
    const inFlight = options.inFlight ?? 20
    return planOf(
      {
        scenario: 'slow-start',
        target: './failures-in-a-row.ts',
        workers: 2,
        operation: 'async',
        behaviour: { latency: { type: 'uniform', minMs: 1, maxMs: 4 }, errorRate: 0.02, hangRate: 0, resetRate: 0 },
        breaker: {
          slidingWindow: { type: 'time', durationMs: 250, buckets: 10 },
          failureRateThreshold: 0.5,
          minimumCalls: 10,
          waitDurationInOpenStateMs: 100,
          permittedNumberOfCallsInHalfOpenState: 1,
        },
        timeoutMs: 500,
        pauseAfterRefusalMs: 5,
      },
      options,
      {
        load: { model: 'closed', inFlight },
        stages: [
          { name: 'slow', role: 'warm-up', durationMs: 300, override: { latency: { type: 'constant', ms: 20 } } },
          {
            name: 'steady',
            role: 'steady',
            ...steadyLimits(options, { requests: 1000, inFlight, latencyMsMax: 4 }),
          },
          { name: 'outage', role: 'outage', durationMs: 400, override: { errorRate: 1 } },
          { name: 'recovery', role: 'recovery', durationMs: 5000, untilCircuit: 'closed' },
        ],
        marks: { processedRateMin: 0.9 },
        checkers: ['legal-transitions', 'conservation', 'outage-recovery', 'pass-marks', './backend-spared.ts'],
      },
    )
  },
} satisfies Scenario
