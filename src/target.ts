import type { CircuitState } from './breaker/life/control-word.js'
import type { Outcomes, ProbeRecord, TransitionRecord } from './evidence.js'
import type { BreakerPlan } from './plan.js'

/** For the times of a target of one's own: `busbar/target` is this file, and loads nothing else in the workers. */
export { monotonicClock } from './world/clock.js'

/** How one call ended, as a word that fits a counter's index. */
export const Outcome = { success: 0, error: 1, ignored: 2, refused: 3, stale: 4 } as const
export type Outcome = (typeof Outcome)[keyof typeof Outcome]

/** A breaker under test. One file in `targets/`, default export; its file name is its name. */
export interface Target {
  readonly name: string
  readonly description: string
  /** One circuit for all threads, one for each worker, or none at all. */
  readonly view: 'shared' | 'per-worker' | 'none'
  /** Called once a run, in the coordinator. */
  prepare(breaker: BreakerPlan, workers: number): PreparedTarget
  /** Called in each worker with what `prepare` gave as `handle`. */
  attach(handle: unknown, breaker: BreakerPlan): AttachedTarget
}

/** The coordinator's end of a target. */
export interface PreparedTarget {
  /** Structured-cloneable; shared memory is shared. */
  readonly handle: unknown
  /** For a shared view: what the circuit did; absent for the others, whose workers tell. */
  observe?(): CircuitObservation
  close(): void
}

/** A worker's end of a target. */
export interface AttachedTarget {
  /** Runs `body` under the breaker, or refuses. Rejects only if the breaker itself is broken, never with the body's error. */
  call(body: () => Promise<void>): Promise<Outcome>
  /** As `call`, for a body that blocks. Absent where a breaker has no synchronous form. */
  callBlocking?(body: () => void): Outcome
  state(): CircuitState
  /** For a view of its own: what this worker's circuit did. A shared target tells its probes here, and the transitions that this worker made. */
  observe(): CircuitObservation
  detach(): void
}

/** Times are those of the process's monotonic clock, in milliseconds; the engine makes them relative to the gate. */
export interface CircuitObservation {
  readonly state: CircuitState
  readonly transitions: readonly TransitionRecord[]
  readonly lost: number
  readonly outcomes?: Outcomes
  /** Of a shared view: slots that threads other than the coordinator's hold. */
  readonly slotsHeld?: number
  /** `settled`: how many of the admitted have ended, in whichever way. */
  readonly probes?: readonly (Omit<ProbeRecord, 'worker' | 'lost'> & { readonly settled: number })[]
}
