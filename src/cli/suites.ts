import { names } from '../catalog.js'
import { EngineError } from '../engine.js'
import { originalScenarios } from '../suite/original-marks.js'

export const suiteNames = ['original'] as const
export type SuiteName = (typeof suiteNames)[number]

/** The scenarios of the suite that was asked for, or else those that were named. One of the suite's that isn't there is said, and its marks stay open. */
export async function suiteOr(
  scenarios: readonly string[],
  { suite }: { readonly suite?: SuiteName },
): Promise<readonly string[]> {
  if (suite === undefined) return scenarios
  if (scenarios.length > 0) {
    throw new EngineError(
      'ERR_OPTION',
      `--suite ${suite}: names its scenarios itself; not beside "${scenarios.join(' ')}"`,
    )
  }
  const known = await names('scenarios')
  const missing = originalScenarios.filter((scenario) => !known.includes(scenario))
  for (const scenario of missing) process.stderr.write(`suite ${suite}: there is no scenario "${scenario}" here\n`)
  return originalScenarios.filter((scenario) => known.includes(scenario))
}
