import type { CostRule } from './rule.js'

/** The rules of the breaker that this library began as, in micro-units. A rule that blocks is asked before one that throttles. */
export const defaultRules: readonly CostRule[] = [
  {
    id: 'daily-limit',
    threshold: { type: 'percentage-daily', percent: 100 },
    action: 'block',
    priority: 100,
  },
  {
    id: 'monthly-limit',
    threshold: { type: 'percentage-monthly', percent: 100 },
    action: 'block',
    priority: 90,
  },
  {
    id: 'monthly-warning',
    threshold: { type: 'percentage-monthly', percent: 95 },
    action: 'throttle',
    throttle: { kind: 'token-bucket', factor: 0.3 },
    priority: 80,
  },
  {
    id: 'daily-warning',
    threshold: { type: 'percentage-daily', percent: 90 },
    action: 'throttle',
    throttle: { kind: 'token-bucket', factor: 0.5 },
    priority: 70,
  },
  {
    id: 'hourly-rate',
    threshold: { type: 'rate', amountPerHour: 10_000_000 },
    action: 'throttle',
    throttle: { kind: 'token-bucket', factor: 0.7 },
    priority: 60,
  },
  {
    id: 'expensive-operation',
    threshold: { type: 'single-operation', amount: 1_000_000 },
    action: 'alert',
    priority: 50,
  },
]
