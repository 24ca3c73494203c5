import type { BreakerPlan, Stage } from './plan.js'

/** What the extreme loads have in common: a breaker that is quick to judge, and the course of the run. */

export const quickBreaker: BreakerPlan = {
  // Short, so that an outage of 600 ms fills it.
  slidingWindow: { type: 'time', durationMs: 250, buckets: 10 },
  failureRateThreshold: 0.5,
  minimumCalls: 20,
  waitDurationInOpenStateMs: 200,
  permittedNumberOfCallsInHalfOpenState: 5,
}

export const everyChecker = [
  'legal-transitions',
  'conservation',
  'half-open-admission',
  'outage-recovery',
  'pass-marks',
]

/** Warm-up, the bare loop, the steady stage, the bare loop again, an outage and the recovery from it. */
export function courseOf(
  warmUpMs: number,
  referenceMs: number,
  steady: Pick<Stage, 'requests' | 'durationMs'>,
): Stage[] {
  return [
    { name: 'warm-up', role: 'warm-up', durationMs: warmUpMs },
    { name: 'bare', role: 'reference', durationMs: referenceMs },
    { name: 'steady', role: 'steady', ...steady },
    { name: 'bare again', role: 'reference', durationMs: referenceMs },
    // Long enough to open and, having waited, to probe in vain and open once more.
    { name: 'outage', role: 'outage', durationMs: 600, override: { errorRate: 1 } },
    { name: 'recovery', role: 'recovery', durationMs: 5000, untilCircuit: 'closed' },
  ]
}
