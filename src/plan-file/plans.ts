import { dirname } from 'node:path'
import { find } from '../catalog.js'
import { wordsOf } from '../command.js'
import { EngineError } from '../engine.js'
import type { Marks, Plan, RunOptions, SoakOptions, Stage } from '../plan.js'
import type { ReadOptions, ReadRun } from '../plan-file.js'
import { inWordsOf, restingStages, validPlan } from '../plan-options.js'
import { absolutePlugIn, shownName } from '../plug-in-path.js'
import { type Scenario, targetsOf } from '../scenario.js'
import { soakPlan } from '../soak/course.js'
import { checkedPlanFile, fieldText } from './check.js'
import { type PlanFileContent, readPlanFile } from './read.js'

/** What the command line says beside a plan file; it goes before what the file says. */
export interface PlanFileFlags {
  readonly targets?: readonly string[]
  readonly options?: RunOptions
  /** The name or the number, from 1, of the one run that is wanted. */
  readonly only?: string
}

export interface PlansOfFile {
  readonly plans: readonly Plan[]
  /** Reporters as `--report` has them: name or absolute path, `=` and where to. */
  readonly reports: readonly string[]
}

/**
 * The plans of a file: one for each target of each run, none of them run yet. Rejects with an `EngineError`: `ERR_PLAN_FILE`,
 * or `ERR_PLUG_IN` for a scenario, target or checker of the user's own that is none.
 */
export async function plansOfFile(path: string, flags: PlanFileFlags = {}): Promise<PlansOfFile> {
  return plansOfContent(await readPlanFile(path), flags)
}

export async function plansOfContent(content: PlanFileContent, flags: PlanFileFlags): Promise<PlansOfFile> {
  const { runs, defaults = {}, reports = [] } = checkedPlanFile(content)
  const folder = dirname(content.file)
  const plans: Plan[] = []
  for (const index of wantedRuns(runs, flags.only, content.file)) {
    const run = runs[index]
    if (run) plans.push(...(await plansOfRun({ content, index, run, defaults, flags })))
  }
  return { plans, reports: reports.map((report) => reportFrom(folder, report)) }
}

interface Planning {
  readonly content: PlanFileContent
  readonly index: number
  readonly run: ReadRun
  readonly defaults: ReadOptions
  readonly flags: PlanFileFlags
}

async function plansOfRun(planning: Planning): Promise<Plan[]> {
  const { content, index, run, defaults, flags } = planning
  const here = (name: string) => absolutePlugIn(name, dirname(content.file))
  const within = <T>(fields: PropertyKey[], task: () => T | Promise<T>) =>
    told(content, ['runs', index, ...fields], task)

  const scenario = await within(['scenario'], () => find('scenarios', here(run.scenario)))
  for (const [position, checker] of (run.checkers ?? []).entries()) {
    await within(['checkers', position], () => find('checkers', here(checker)))
  }
  const wanted = flags.targets?.map((target) => absolutePlugIn(target)) ?? (run.targets ?? defaults.targets)?.map(here)
  const plans: Plan[] = []
  for (const target of targetsOf(scenario, wanted)) {
    await within(flags.targets || !run.targets ? [] : ['targets'], () => find('targets', target))
    plans.push(await within([], () => planOf(planning, scenario, target, here)))
  }
  return plans
}

function planOf(
  { content, index, run, defaults, flags }: Planning,
  scenario: Scenario,
  target: string,
  here: Here,
): Plan {
  const options: RunOptions = { ...optionsOf({ ...defaults, ...present(run) }), ...flags.options, target }
  const plan = run.soak ? soakPlan(scenario, { ...options, soak: soakOptionsOf(run.soak) }) : scenario.plan(options)
  const only = run.name ?? `${index + 1}`
  const words = wordsOf({ ...flags.options, target, seed: plan.seed })
  return validPlan({
    ...plan,
    ...(run.name === undefined ? {} : { name: run.name }),
    ...(run.stages ? { stages: restingStages(stagesOf(run.stages, flags.options), plan.profile) } : {}),
    breaker: { ...plan.breaker, ...present(run.breaker ?? {}) },
    downstream: { ...plan.downstream, behaviour: { ...plan.downstream.behaviour, ...present(run.behaviour ?? {}) } },
    marks: marksOf(plan.marks, run.marks),
    checkers: run.checkers?.map(here) ?? plan.checkers,
    command: ['run', shownName(content.file), '--only', only, ...words],
  })
}

type Here = (name: string) => string

/** The names that a plan file has for what `RunOptions` calls otherwise. */
const fieldOfOption: Readonly<Record<string, string>> = {
  ratePerSecond: 'rate',
  durationMs: 'duration',
  timeoutMs: 'timeout',
  profileDirectory: 'profileDir',
}

function optionsOf(said: ReadOptions): RunOptions {
  const { workers, inFlight, levels, shape, requests, downstream, port, seed, kills, faults, profile } = said
  const { rate, duration, timeout, profileDir, spending, ledger, cases } = said
  return present({
    workers,
    inFlight,
    levels,
    shape,
    requests,
    downstream,
    port,
    seed,
    kills,
    spending,
    ledger,
    faults,
    profile,
    cases,
    ratePerSecond: rate,
    durationMs: duration,
    timeoutMs: timeout,
    profileDirectory: profileDir,
  })
}

function soakOptionsOf({ snapshots, snapshotDir, between, sampleEvery }: NonNullable<ReadRun['soak']>): SoakOptions {
  return present({ snapshots, snapshotDirectory: snapshotDir, between, sampleEveryMs: sampleEvery })
}

/** The command line says how long the steady stages last, or the first judged one where none is, as it does of a scenario's own. */
function stagesOf(stages: NonNullable<ReadRun['stages']>, { durationMs, requests }: RunOptions = {}): Stage[] {
  const unjudged = ['warm-up', 'reference', 'rest']
  const main = stages.some(({ role }) => role === 'steady')
    ? stages.filter(({ role }) => role === 'steady')
    : stages.filter(({ role }) => !unjudged.includes(role)).slice(0, 1)
  return stages.map((stage) => {
    const { duration, behaviour, inFlight, rate, toRate, ...rest } = stage
    const own: Stage = {
      ...present(rest),
      name: stage.name,
      role: stage.role,
      durationMs: duration,
      ...(behaviour ? { override: present(behaviour) } : {}),
      ...loadOf(inFlight, rate, toRate),
    }
    if (!main.includes(stage) || (durationMs === undefined && requests === undefined)) return own
    const { requests: ownRequests, ...endless } = own
    const count = requests ?? (durationMs === undefined ? ownRequests : undefined)
    return { ...endless, durationMs: durationMs ?? own.durationMs, ...(count === undefined ? {} : { requests: count }) }
  })
}

function loadOf(inFlight?: number, ratePerSecond?: number, toRatePerSecond?: number): Pick<Stage, 'load'> {
  if (inFlight !== undefined) return { load: { model: 'closed', inFlight } }
  if (ratePerSecond === undefined) return {}
  return { load: { model: 'open', ratePerSecond, ...(toRatePerSecond === undefined ? {} : { toRatePerSecond }) } }
}

/** Null takes a mark of the scenario's away. */
function marksOf(own: Marks, said: ReadRun['marks'] = {}): Marks {
  return Object.fromEntries(Object.entries({ ...own, ...present(said) }).filter(([, mark]) => mark !== null))
}

/** What has a value: to a plan, a field that is there and undefined is another thing than one that is absent. */
function present<T extends object>(fields: T): { [Field in keyof T]: Exclude<T[Field], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never
}

function wantedRuns(runs: readonly ReadRun[], only: string | undefined, file: string): number[] {
  const all = runs.map((_, index) => index)
  if (only === undefined) return all
  const wanted = all.filter((index) => runs[index]?.name === only || `${index + 1}` === only)
  if (wanted.length > 0) return wanted
  const there = runs.map(({ name }, index) => (name === undefined ? `${index + 1}` : `${index + 1} (${name})`))
  throw new EngineError(
    'ERR_OPTION',
    `--only: "${only}" is no run of ${shownName(file)}; there are: ${there.join(', ')}`,
  )
}

/** A reporter of the user's own is seen from the plan's folder; where the report goes, from where the command runs. */
function reportFrom(folder: string, report: string): string {
  const [, name = report, rest = ''] = /^(.*?\.m?[jt]s(?==|$)|[^=]*)(=?.*)$/s.exec(report) ?? []
  return `${absolutePlugIn(name, folder)}${rest}`
}

/** An error with its place in the file. */
async function told<T>({ placeOf }: PlanFileContent, path: PropertyKey[], task: () => T | Promise<T>): Promise<T> {
  try {
    return await task()
  } catch (error) {
    if (!(error instanceof EngineError)) throw error
    const code = error.code === 'ERR_PLUG_IN' ? error.code : 'ERR_PLAN_FILE'
    const message = inWordsOf(fieldOfOption, error.message)
    throw new EngineError(code, `${placeOf(path)}: ${fieldText(path)}: ${message}`, { cause: error })
  }
}
