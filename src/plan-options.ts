import { EngineError } from './engine.js'
import {
  type Behaviour,
  type BreakerPlan,
  type Plan,
  type ProfileKind,
  planSchema,
  type RunOptions,
  type Stage,
} from './plan.js'

/** What a scenario says of the parts of a plan that every scenario has. */
export interface PlanDefaults {
  readonly scenario: string
  readonly target: string
  readonly workers: number
  readonly operation: Plan['operation']
  readonly behaviour: Behaviour
  readonly breaker: BreakerPlan
  readonly timeoutMs: number
  readonly pauseAfterRefusalMs: number
}

/** What a scenario must still say itself. */
export type PlanParts = Pick<
  Plan,
  'load' | 'stages' | 'marks' | 'checkers' | 'payloadBytes' | 'soak' | 'shape' | 'overhead' | 'spending' | 'exhaustion'
>

const DEFAULT_SEED = 1

/**
 * The plan that a scenario makes of a user's options: validated, frozen to its leaves, so that two threads that hold
 * it hold the same. Throws `EngineError` (`ERR_PLAN`) naming the field, the value and what is allowed.
 */
export function planOf(defaults: PlanDefaults, options: RunOptions, parts: PlanParts): Plan {
  const kind = options.downstream ?? 'simulated'
  if (options.port !== undefined && kind !== 'http') {
    throw refusedOption(defaults.scenario, 'port', options.port, 'goes with downstream "http" alone')
  }
  if (kind === 'http' && defaults.operation === 'blocking') {
    throw refusedOption(defaults.scenario, 'downstream', kind, 'blocks its threads; allowed: "simulated"')
  }
  for (const option of ['levels', 'shape'] as const) {
    if (options[option] === undefined || parts.shape !== undefined) continue
    throw refusedOption(defaults.scenario, option, options[option], 'keeps one load; degradation changes it')
  }
  for (const option of ['spending', 'ledger'] as const) {
    if (options[option] === undefined || parts.spending !== undefined) continue
    throw refusedOption(defaults.scenario, option, options[option], 'spends no money; cost-budget does')
  }
  if (options.cases !== undefined && parts.exhaustion === undefined) {
    throw refusedOption(defaults.scenario, 'cases', options.cases, 'uses nothing up; resource-exhaustion does')
  }
  const profile = profileOf(options)
  return validPlan({
    scenario: defaults.scenario,
    target: options.target ?? defaults.target,
    seed: options.seed ?? DEFAULT_SEED,
    workers: options.workers ?? defaults.workers,
    operation: defaults.operation,
    downstream: {
      kind: parts.exhaustion ? 'resources' : kind,
      behaviour: defaults.behaviour,
      faults: [...(options.faults ?? [])],
      port: options.port ?? 0,
    },
    breaker: defaults.breaker,
    timeoutMs: options.timeoutMs ?? defaults.timeoutMs,
    pauseAfterRefusalMs: defaults.pauseAfterRefusalMs,
    kills: options.kills ?? 0,
    ...(profile === undefined ? {} : { profile }),
    ...parts,
    stages: restingStages(parts.stages, profile),
  })
}

/** What of the threads is to be written down; nothing, unless a user says what or where to. */
function profileOf({ profile, profileDirectory }: RunOptions): Plan['profile'] {
  if (profile === undefined && profileDirectory === undefined) return undefined
  return { kinds: [...new Set<ProfileKind>(profile ?? ['cpu'])], directory: profileDirectory ?? 'profiles' }
}

/** Room for heaps of gigabytes in many threads; a rest ends as soon as all is done. */
const REST_MS_MAX = 600_000

/** Heap snapshots are taken while the threads rest: after the warm-up, and when all is done. A plan's own rests will do. */
export function restingStages(stages: readonly Stage[], profile: Plan['profile']): Stage[] {
  if (!profile?.kinds.includes('heap') || stages.some(({ role }) => role === 'rest')) return [...stages]
  const first = stages.findIndex(({ role }) => role !== 'warm-up')
  const rest = (name: string): Stage => ({ name, role: 'rest', durationMs: REST_MS_MAX })
  return [...stages.slice(0, first), rest('before'), ...stages.slice(first), rest('after')]
}

/** A validated, frozen copy. */
export function validPlan(draft: Plan): Plan {
  const { success, data, error } = planSchema.safeParse(draft, { reportInput: true })
  if (success) return deepFreeze(data)
  const faults = error.issues.map(({ path, input, message }) => {
    const value = input === undefined ? '' : ` is ${JSON.stringify(input)}`
    return `${path.map(String).join('.')}${value}: ${lowerFirst(message)}`
  })
  throw new EngineError('ERR_PLAN', `plan of ${draft.scenario}: ${faults.join('; ')}`)
}

/** For an option that means nothing to a scenario: to ignore it would run something else than was asked for. */
export function refusedOption(scenario: string, option: keyof RunOptions, value: unknown, why: string): EngineError {
  return new EngineError('ERR_PLAN', `${option} ${JSON.stringify(value)}: ${scenario} ${why}`)
}

/** A message of `refusedOption` to somebody who said the option by another name. */
export function inWordsOf(names: Readonly<Record<string, string>>, message: string): string {
  return message.replaceAll(/(?<![.\w])\w+/g, (word) => names[word] ?? word)
}

/** What a closed load does with its requests, from which follows how long they may take. */
export interface RequestsLoad {
  readonly requests: number
  readonly inFlight: number
  /** The longest that the downstream means to take over one. */
  readonly latencyMsMax: number
}

/**
 * The longest that so many requests may take: room to start, a millisecond of this machine for each, and twice what
 * the downstream takes at its slowest. A run that needs more is not stable under its load.
 */
export function requestsLimitMs({ requests, inFlight, latencyMsMax }: RequestsLoad): number {
  return Math.min(86_400_000, Math.ceil(10_000 + requests * (1 + (2 * latencyMsMax) / inFlight)))
}

/**
 * The limits of a stage that is meant for so many requests. With a duration and no number of requests asked for, it
 * lasts that long; with both, it ends with the first.
 */
export function steadyLimits(options: RunOptions, usual: RequestsLoad): { requests?: number; durationMs: number } {
  if (options.durationMs !== undefined && options.requests === undefined) return { durationMs: options.durationMs }
  const requests = options.requests ?? usual.requests
  return { requests, durationMs: options.durationMs ?? requestsLimitMs({ ...usual, requests }) }
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const part of Object.values(value)) deepFreeze(part)
  }
  return value
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
