import { dirname } from 'node:path'
import { EngineError } from './engine.js'
import type { Plan, RunOptions } from './plan.js'
import { validPlan } from './plan-options.js'
import { absolutePlugIn, shownName } from './plug-in-path.js'
import type { Scenario } from './scenario.js'

/**
 * A user's scenario, by the path of its file: that is what its plans call it, so that the command which runs one again finds
 * it. Targets and checkers that it says by path are seen from its folder.
 */
export function ownScenario(own: Scenario, file: string): Scenario {
  const here = (name: string) => absolutePlugIn(name, dirname(file))
  return {
    name: file,
    description: own.description,
    targets: own.targets.map(here),
    plan({ target, ...options }) {
      const wanted = target === undefined ? options : { ...options, target: absolutePlugIn(target) }
      const plan = validPlan({ ...made(own, wanted, file), scenario: file })
      return validPlan({ ...plan, target: here(plan.target), checkers: plan.checkers.map(here) })
    },
  }
}

function made(own: Scenario, options: RunOptions, file: string): Plan {
  try {
    return own.plan(options)
  } catch (error) {
    if (error instanceof EngineError) throw error
    const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    throw new EngineError('ERR_PLUG_IN', `scenario ${shownName(file)} made no plan: ${reason}`, { cause: error })
  }
}
