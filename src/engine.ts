import type { CircuitState } from './breaker/life/control-word.js'
import type { Evidence, Outcomes } from './evidence.js'
import type { Plan } from './plan.js'
import type { BatonSide } from './profiler/baton.js'

/** How a plan is carried out. Threads exist only between the call and its answer. */
export interface Engine {
  readonly name: string
  run(plan: Plan, options?: EngineOptions): Promise<Evidence>
}

export interface EngineOptions {
  /** Stops the run cleanly: what ran is in the evidence, marked as interrupted. */
  readonly signal?: AbortSignal
  /** Called about ten times a second while the run goes on. */
  readonly onProgress?: (progress: Progress) => void
  /** Called before something that takes long, with what it is: a line for whoever waits. */
  readonly onNote?: (note: string) => void
  /** Two runs at once, of plans that measure overhead, with a side each of one baton: they measure in turns. */
  readonly baton?: BatonSide
}

/** A look at a run that goes on. */
export interface Progress {
  readonly stage: string
  readonly stageIndex: number
  readonly elapsedMs: number
  /** The most that the rest of the plan may still take. */
  readonly remainingMsMax: number
  readonly started: number
  readonly outcomes: Outcomes
  readonly timeouts: number
  /** Completed calls (refusals apart) per second, over the last 5 s. */
  readonly throughputPerSecond: number
  /** Of the calls that were let through in this stage so far; absent of none. For people to watch, never to judge. */
  readonly latency?: { readonly p50Ms: number; readonly p99Ms: number }
  readonly residentMb: number
  /** One a view of the circuit: one for a shared breaker, one a worker for breakers that each worker has. */
  readonly circuits: readonly CircuitState[]
  readonly workersAlive: number
}

/** The engine could not carry the plan out: the tool failed, so there is no verdict. */
export class EngineError extends Error {
  override readonly name = 'EngineError'

  constructor(
    /** Stable: `ERR_WORKER_START`, `ERR_PORT_IN_USE`, `ERR_PLAN`, `ERR_UNKNOWN_NAME`, `ERR_WORKER_SILENT` … */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}
