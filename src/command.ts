import { formatDuration } from './duration.js'
import { formatFault } from './faults.js'
import type { Plan, RunOptions, Stage } from './plan.js'

/**
 * What a user would have said to get this plan from its scenario. A scenario gives `requests` and `durationMs` to each
 * of its steady stages, or to its first measured one where nothing is steady, so that one speaks for all.
 */
export function optionsFor(plan: Plan): RunOptions {
  const stage = mainStage(plan)
  const { downstream, load } = plan
  return {
    target: plan.target,
    seed: plan.seed,
    workers: plan.workers,
    ...(load.model === 'closed' ? { inFlight: load.inFlight } : { ratePerSecond: load.ratePerSecond }),
    ...(stage?.requests === undefined ? {} : { requests: stage.requests }),
    ...(stage === undefined ? {} : { durationMs: stage.durationMs }),
    downstream: downstream.kind,
    ...(downstream.kind === 'http' && downstream.port !== 0 ? { port: downstream.port } : {}),
    ...(downstream.faults.length === 0 ? {} : { faults: downstream.faults }),
    timeoutMs: plan.timeoutMs,
    ...(plan.kills === 0 ? {} : { kills: plan.kills }),
    ...(plan.profile === undefined ? {} : { profile: plan.profile.kinds, profileDirectory: plan.profile.directory }),
  }
}

/** The one command that runs this plan again. */
export function commandFor(plan: Plan): string {
  const options = optionsFor(plan)
  const words = ['npx', 'busbar', 'run', plan.scenario]
  const flag = (name: string, value: string | number | undefined) => {
    if (value !== undefined) words.push(`--${name}`, String(value))
  }
  flag('target', options.target)
  flag('seed', options.seed)
  flag('workers', options.workers)
  flag('in-flight', options.inFlight)
  flag('rate', options.ratePerSecond)
  flag('requests', options.requests)
  flag('duration', options.durationMs === undefined ? undefined : formatDuration(options.durationMs))
  flag('downstream', options.downstream)
  flag('port', options.port)
  for (const fault of options.faults ?? []) flag('fault', formatFault(fault))
  flag('timeout', options.timeoutMs === undefined ? undefined : formatDuration(options.timeoutMs))
  flag('kills', options.kills)
  flag('profile', options.profile?.join(','))
  flag('profile-dir', options.profileDirectory)
  return words.map(shellQuoted).join(' ')
}

function mainStage(plan: Plan): Stage | undefined {
  return (
    plan.stages.find((stage) => stage.role === 'steady') ??
    plan.stages.find((stage) => stage.role !== 'warm-up' && stage.role !== 'rest')
  )
}

function shellQuoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
