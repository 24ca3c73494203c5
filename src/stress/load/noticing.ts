import { behaviourAt } from '../../downstream.js'
import type { Plan } from '../../plan.js'

/** Whether a refusal in that stage means that the worker noticed a sick backend. */
export function mayNotice(plan: Plan, stage: number): boolean {
  const role = plan.stages[stage]?.role
  if (role === 'warm-up' || role === 'reference' || role === 'rest') return false
  const { errorRate, hangRate, resetRate } = behaviourAt(plan, stage, 0)
  return role === 'outage' || plan.downstream.faults.length > 0 || errorRate + hangRate + resetRate >= 0.5
}
