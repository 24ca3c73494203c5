import type { Plan } from './plan.js'
import { shownName } from './plug-in-path.js'

/** A run in a line: what its plan file calls it, its scenario, its target. */
export function planTitle({ name, scenario, target }: Pick<Plan, 'name' | 'scenario' | 'target'>): string {
  return `${name === undefined ? '' : `${name}: `}${shownName(scenario)} on ${shownName(target)}`
}
