import { extname } from 'node:path'
import { find, names } from '../catalog.js'
import { EngineError } from '../engine.js'
import type { Plan, RunOptions } from '../plan.js'
import { plansOfContent } from '../plan-file/plans.js'
import { isPlanFile, type PlanFileContent, readPlanFile } from '../plan-file/read.js'
import { inWordsOf } from '../plan-options.js'
import { absolutePlugIn, moduleEndings } from '../plug-in-path.js'
import { type Scenario, targetsOf } from '../scenario.js'
import { type RunFlags, runOptions } from './options.js'

/** How a command makes a plan of a scenario; only `run` and `profile` leave it to the scenario, and take plan files. */
export type MakePlan = (scenario: Scenario, options: RunOptions) => Plan

export interface Planned {
  readonly plans: readonly Plan[]
  /** What plan files say of reports, in the words of `--report`. */
  readonly reports: readonly string[]
}

/** Every plan is made before the first is run: a name that nobody knows ends the command at once. */
export async function plansOf(
  command: string,
  wanted: readonly string[],
  flags: RunFlags,
  makePlan?: MakePlan,
): Promise<Planned> {
  if (wanted.length === 0) {
    throw new EngineError(
      'ERR_OPTION',
      `${command}: say which scenario; there are: ${(await names('scenarios')).join(', ')}; or say the path of a plan file`,
    )
  }
  const plans: Plan[] = []
  const reports: string[] = []
  for (const argument of wanted) {
    const content = isPlanFile(argument) ? await planFileAt(argument) : undefined
    if (content === undefined) {
      if (flags.only !== undefined) throw badOnly(argument)
      plans.push(...(await plansOfScenario(argument, flags, makePlan)))
    } else if (makePlan) {
      throw new EngineError('ERR_OPTION', `${command}: "${argument}" is a plan file; say a scenario`)
    } else {
      const { target, only } = flags
      const said = { options: runOptions(flags), ...(target ? { targets: target } : {}), ...(only ? { only } : {}) }
      const planned = await plansOfContent(content, said)
      plans.push(...planned.plans)
      reports.push(...planned.reports)
    }
  }
  return { plans, reports: [...new Set(reports)] }
}

/** A module may be a plan file or a scenario, which has a function `plan`; for a scenario, nothing. */
async function planFileAt(path: string): Promise<PlanFileContent | undefined> {
  const read = await readPlanFile(path)
  if (!moduleEndings.includes(extname(path))) return read
  const { content } = read
  const has = (field: string) => typeof content === 'object' && content !== null && field in content
  if (has('plan')) return undefined
  if (has('runs')) return read
  const kinds = 'neither a plan file, which has runs, nor a scenario, which has plan'
  throw new EngineError('ERR_PLAN_FILE', `${path}: the default export is ${kinds}`)
}

function badOnly(argument: string): EngineError {
  return new EngineError('ERR_OPTION', `--only is for the runs of a plan file; "${argument}" is none`)
}

async function plansOfScenario(name: string, flags: RunFlags, makePlan: MakePlan = planOfScenario): Promise<Plan[]> {
  const scenario = await find('scenarios', name)
  const plans: Plan[] = []
  for (const target of targetsOf(
    scenario,
    flags.target?.map((one) => absolutePlugIn(one)),
  )) {
    await find('targets', target)
    plans.push(planOf(scenario, { ...runOptions(flags), target }, makePlan))
  }
  return plans
}

const planOfScenario: MakePlan = (scenario, options) => scenario.plan(options)

const flagOfField: Readonly<Record<string, string>> = {
  inFlight: '--in-flight',
  ratePerSecond: '--rate',
  durationMs: '--duration',
  timeoutMs: '--timeout',
  profile: '--profile',
  profileDirectory: '--profile-dir',
  kills: '--kills',
  requests: '--requests',
  levels: '--levels',
  shape: '--shape',
  spending: '--spending',
  ledger: '--ledger',
  cases: '--case',
  between: '--between',
  sampleEveryMs: '--sample-every',
}

/** A scenario that refuses an option says its field; the user wrote a flag, and reads of that. */
function planOf(scenario: Scenario, options: RunOptions, makePlan: MakePlan): Plan {
  try {
    return makePlan(scenario, options)
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    throw new EngineError(error.code, inWordsOf(flagOfField, error.message), { cause: error })
  }
}
