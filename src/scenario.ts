import type { Plan, RunOptions } from './plan.js'

/** What each worker does again and again, under which load. One file in `scenarios/`, default export; its file name is its name. */
export interface Scenario {
  readonly name: string
  readonly description: string
  /** The targets that it is meant for, the usual one first. */
  readonly targets: readonly string[]
  plan(options: RunOptions): Plan
}

/** The targets that are wanted, each once: `all` is all of the scenario's; without a wish, its usual one. */
export function targetsOf({ targets }: Scenario, wanted: readonly string[] = targets.slice(0, 1)): readonly string[] {
  return [...new Set(wanted.flatMap((target) => (target === 'all' ? targets : [target])))]
}
