import type { Behaviour, Plan } from './plan.js'

/** What the protected calls go to, as a worker sees it. */
export interface Downstream {
  /** Rejects with a `DownstreamError`; resolves to nothing. `request.intendedMs` is set by the time it settles. */
  call(request: DownstreamRequest): Promise<void>
  /** As `call`, blocking the thread; throws a `DownstreamError`. */
  callBlocking(request: DownstreamRequest): void
  close(): Promise<void>
  /** How often each sign was seen of a resource that is used up; absent where calls use none. */
  readonly signs?: Readonly<Record<string, number>>
}

/** One client's request, used again for its next: the engine allocates nothing for each call. */
export interface DownstreamRequest {
  /** How long the downstream meant to take, without what waiting for a thread added. */
  intendedMs: number
}

/** Where a run stands, from which the downstream's behaviour follows. */
export interface Situation {
  /** Index of the current stage; past the last one the run drains. */
  stage(): number
  /** Milliseconds since the first measured stage (the first that is no warm-up) began; negative before. */
  measuredMs(): number
}

export type DownstreamFailure = 'error' | 'reset' | 'timeout'

/** A call that the downstream let down. Cheap: it takes no stack, as a load makes millions of them. */
export class DownstreamError extends Error {
  override readonly name = 'DownstreamError'
  readonly code: string

  constructor(
    readonly failure: DownstreamFailure,
    message: string,
  ) {
    const limit = Error.stackTraceLimit
    Error.stackTraceLimit = 0
    super(message)
    Error.stackTraceLimit = limit
    this.code = `ERR_DOWNSTREAM_${failure.toUpperCase()}`
  }
}

/** The behaviour in force: the plan's own, overridden by the stage's, overridden by the fault script's entry of that moment. */
export function behaviourAt(plan: Plan, stage: number, measuredMs: number): Behaviour {
  let behaviour = plan.downstream.behaviour
  const override = plan.stages[stage]?.override
  if (override) behaviour = { ...behaviour, ...defined(override) }
  for (const fault of plan.downstream.faults) {
    if (measuredMs >= fault.fromMs && measuredMs < fault.fromMs + fault.forMs) {
      behaviour = { ...behaviour, ...defined(fault.override) }
    }
  }
  return behaviour
}

function defined(override: Plan['stages'][number]['override']): Partial<Behaviour> {
  return Object.fromEntries(Object.entries(override ?? {}).filter(([, value]) => value !== undefined))
}
