import { type Plan, planSchema } from '../../src/plan.js'

/** A small plan to be bent by a test: one steady stage, then an outage; the downstream answers at once. */
export function examplePlan(changes: {
  downstream?: Partial<Plan['downstream']>
  behaviour?: Partial<Plan['downstream']['behaviour']>
  stages?: Plan['stages']
  timeoutMs?: number
  operation?: Plan['operation']
}): Plan {
  return planSchema.parse({
    scenario: 'example',
    target: 'none',
    seed: 1,
    workers: 1,
    operation: changes.operation ?? 'async',
    load: { model: 'closed', inFlight: 8 },
    stages: changes.stages ?? [
      { name: 'steady', role: 'steady', durationMs: 1000 },
      { name: 'outage', role: 'outage', durationMs: 1000, override: { errorRate: 1 } },
    ],
    downstream: {
      kind: 'simulated',
      behaviour: {
        latency: { type: 'constant', ms: 0 },
        errorRate: 0,
        hangRate: 0,
        resetRate: 0,
        ...changes.behaviour,
      },
      faults: [],
      port: 0,
      ...changes.downstream,
    },
    breaker: {
      slidingWindow: { type: 'consecutive', size: 5 },
      failureRateThreshold: 0.5,
      minimumCalls: 5,
      waitDurationInOpenStateMs: 100,
      permittedNumberOfCallsInHalfOpenState: 1,
    },
    timeoutMs: changes.timeoutMs ?? 1000,
    pauseAfterRefusalMs: 0,
    kills: 0,
    marks: {},
    checkers: [],
  })
}
