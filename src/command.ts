import { formatDuration } from './duration.js'
import { caseNames } from './exhaustion.js'
import { formatFault } from './faults.js'
import type { Plan, RunOptions, SoakOptions, SoakPlan, Stage } from './plan.js'
import { shownName } from './plug-in-path.js'

/**
 * What a user would have said to get this plan from its scenario. A scenario gives `requests` and `durationMs` to each
 * of its steady stages, or to its first measured one where nothing is steady, so that one speaks for all.
 */
export function optionsFor(plan: Plan): RunOptions {
  const stage = mainStage(plan)
  const { downstream } = plan
  return {
    target: plan.target,
    seed: plan.seed,
    workers: plan.workers,
    ...loadOptions(plan),
    ...requestsOf(plan, stage),
    ...(stage === undefined ? {} : { durationMs: plan.soak ? soakMs(plan) : stage.durationMs }),
    ...(plan.exhaustion === undefined || isEveryCase(plan.exhaustion) ? {} : { cases: plan.exhaustion.cases }),
    ...(downstream.kind === 'resources' ? {} : { downstream: downstream.kind }),
    ...(downstream.kind === 'http' && downstream.port !== 0 ? { port: downstream.port } : {}),
    ...(downstream.faults.length === 0 ? {} : { faults: downstream.faults }),
    timeoutMs: plan.timeoutMs,
    ...(plan.kills === 0 ? {} : { kills: plan.kills }),
    ...(plan.spending ? { spending: plan.spending.case, ledger: plan.spending.ledger } : {}),
    ...(plan.profile === undefined ? {} : { profile: plan.profile.kinds, profileDirectory: plan.profile.directory }),
    ...(plan.soak ? { soak: soakOptions(plan, plan.soak) } : {}),
  }
}

function loadOptions({ load, shape, stages }: Plan): RunOptions {
  if (load.model === 'open') return { ratePerSecond: load.ratePerSecond, ...(shape === undefined ? {} : { shape }) }
  if (shape === undefined) return { inFlight: load.inFlight }
  const levels = stages.flatMap(({ role, load: own }) => {
    return role === 'steady' && own?.model === 'closed' ? [own.inFlight] : []
  })
  return { levels, shape }
}

/** Where the overhead is measured, the rounds in which that is done. */
function requestsOf({ overhead }: Plan, stage: Stage | undefined): RunOptions {
  const requests = overhead?.rounds ?? stage?.requests
  return requests === undefined ? {} : { requests }
}

/** The one command that runs this plan again: what the plan says of itself, else its scenario with its options. */
export function commandFor(plan: Plan): string {
  const words = plan.command ?? [plan.soak ? 'soak' : 'run', shownName(plan.scenario), ...wordsOf(optionsFor(plan))]
  return ['npx', 'busbar', ...words].map(shellQuoted).join(' ')
}

/** Options as words of the command line, which reads them back exactly. */
export function wordsOf(options: RunOptions): string[] {
  const words: string[] = []
  const flag = (name: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(`--${name}`, String(value))
  }
  flag('target', options.target === undefined ? undefined : shownName(options.target))
  flag('seed', options.seed)
  flag('workers', options.workers)
  flag('in-flight', options.inFlight)
  flag('levels', options.levels?.join(','))
  flag('rate', options.ratePerSecond)
  flag('shape', options.shape)
  flag('requests', options.requests)
  flag('duration', options.durationMs === undefined ? undefined : formatDuration(options.durationMs))
  flag('downstream', options.downstream)
  flag('port', options.port)
  for (const fault of options.faults ?? []) flag('fault', formatFault(fault))
  flag('timeout', options.timeoutMs === undefined ? undefined : formatDuration(options.timeoutMs))
  flag('kills', options.kills)
  flag('spending', options.spending)
  flag('ledger', options.ledger)
  flag('case', options.cases?.join(','))
  flag('profile', options.profile?.join(','))
  flag('profile-dir', options.profileDirectory)
  const { soak } = options
  if (soak?.snapshots === false) words.push('--no-snapshots')
  flag('snapshot-dir', soak?.snapshotDirectory)
  flag('between', soak?.between)
  flag('sample-every', soak?.sampleEveryMs === undefined ? undefined : formatDuration(soak.sampleEveryMs))
  return words
}

/** A soak is parted by its rests. */
function soakMs({ stages }: Plan): number {
  return stages.reduce((sum, { role, durationMs }) => sum + (role === 'steady' ? durationMs : 0), 0)
}

function soakOptions({ stages }: Plan, { sampleEveryMs, snapshotDirectory }: SoakPlan): SoakOptions {
  const parts = stages.filter(({ role }) => role === 'steady').length
  return {
    sampleEveryMs,
    ...(snapshotDirectory === undefined ? { snapshots: false } : { snapshotDirectory }),
    ...(parts > 1 ? { between: parts - 1 } : {}),
  }
}

function isEveryCase({ cases }: NonNullable<Plan['exhaustion']>): boolean {
  return cases.join() === caseNames.join()
}

function mainStage(plan: Plan): Stage | undefined {
  const outage = plan.exhaustion && plan.stages.find((stage) => stage.role === 'outage')
  return (
    outage ??
    plan.stages.find((stage) => stage.role === 'steady') ??
    plan.stages.find((stage) => stage.role !== 'warm-up' && stage.role !== 'rest')
  )
}

function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
