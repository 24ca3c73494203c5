import type { Plan, StageLoad } from './plan.js'

/** The load of a stage: its own, or the plan's; past the last stage, the plan's. */
export function loadOf(plan: Plan, stage: number): StageLoad {
  return plan.stages[stage]?.load ?? plan.load
}

/** The most requests in flight that a closed load comes to in any stage; 0 of an open one. */
export function inFlightMax(plan: Plan): number {
  const levels = plan.stages.map((_, stage) => loadOf(plan, stage))
  return Math.max(0, ...levels.map((load) => (load.model === 'closed' ? load.inFlight : 0)))
}

/** The highest rate, in calls a second, that an open load comes to in any stage; 0 of a closed one. */
export function rateMax(plan: Plan): number {
  const rates = plan.stages.map((_, stage) => loadOf(plan, stage))
  return Math.max(
    0,
    ...rates.flatMap((load) => (load.model === 'open' ? [load.ratePerSecond, load.toRatePerSecond ?? 0] : [])),
  )
}

/** Of an open load, whose rate may change while its calls are in flight, always 0. */
export function levelOf(plan: Plan, stage: number): number {
  const load = loadOf(plan, stage)
  return load.model === 'closed' ? load.inFlight : 0
}
