import type { CircuitState } from './breaker/life/control-word.js'
import type { ExhaustionEvidence } from './exhaustion.js'
import type { Plan } from './plan.js'
import type { SnapshotTaken } from './profiler/capture/heap-snapshot.js'
import type { HeapGrowth } from './profiler/heap/growth.js'
import type { ResourceCounts } from './profiler/resources.js'
import type { SpendingEvidence } from './spending.js'
import type { DelaySummary } from './world/event-loop.js'

/**
 * What a run left behind: plain data, gathered while threads lived and judged after the last has ended.
 * Times are milliseconds since the gate opened, unless a name says otherwise.
 */
export interface Evidence {
  readonly plan: Plan
  readonly environment: Environment
  /** Wall time at which the gate opened, ISO 8601. */
  readonly startedAt: string
  readonly durationMs: number
  /** True when the run was stopped before its plan was done (Ctrl-C); what ran is reported. */
  readonly interrupted: boolean
  readonly stages: readonly StageEvidence[]
  readonly workers: readonly WorkerEvidence[]
  /** The coordinator's event loop, then that of each worker that lived to tell. */
  readonly threads: readonly ThreadEvidence[]
  /** One entry a view of the circuit: one for a shared breaker, one a worker for breakers that each worker has. */
  readonly circuits: readonly CircuitEvidence[]
  readonly downstream: DownstreamEvidence
  readonly memory: MemoryEvidence
  readonly throughput: readonly ThroughputSample[]
  /** What the breaker adds to a call; absent where the plan doesn't ask for it. */
  readonly overhead?: OverheadEvidence
  /** What each thread retained; absent where the plan is no soak. */
  readonly soak?: SoakEvidence
  /** What was spent; absent where calls cost nothing. */
  readonly spending?: SpendingEvidence
  /** What became of each resource that was used up; absent where the plan uses none up. */
  readonly exhaustion?: ExhaustionEvidence
  readonly lastErrors: readonly ErrorRecord[]
  /** Files that profiling wrote; what it has to say about them is in the notes. */
  readonly profiles: readonly string[]
  /** Threads that stood still to be looked at; what of it fell into a call is not in its latency. Absent if none did. */
  readonly pauses?: readonly PauseEvidence[]
  readonly notes: readonly string[]
}

export interface Environment {
  readonly node: string
  readonly busbar: string
  readonly platform: string
  readonly cpuModel: string
  readonly cores: number
  readonly memoryMb: number
}

/** How calls ended, as the breaker answered each: exactly one of these for every call. */
export interface Outcomes {
  readonly success: number
  readonly error: number
  readonly ignored: number
  readonly refused: number
  readonly stale: number
}

export interface StageEvidence {
  readonly name: string
  readonly role: Plan['stages'][number]['role'] | 'drain'
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly started: number
  readonly outcomes: Outcomes
  /** Of the errors, those that were timeouts. */
  readonly timeouts: number
  /** Sum of the durations that the downstream intended for the calls that ended in the stage. */
  readonly intendedMsSum: number
  /** Of calls that were let through; from the intended start in the open model. */
  readonly latency: LatencySummary
  readonly refusalLatency: LatencySummary
  /** Completed calls (refusals apart) per second. */
  readonly throughputPerSecond: number
  /** Share of the time that the clients' calls were meant to take: Σ intended ÷ (in flight × time). Closed load only. */
  readonly efficiency?: number
}

/** Percentiles in milliseconds, from an HDR histogram with three significant digits. */
export interface LatencySummary {
  readonly count: number
  readonly minMs: number
  readonly meanMs: number
  readonly p50Ms: number
  readonly p95Ms: number
  readonly p99Ms: number
  readonly p999Ms: number
  readonly p9999Ms: number
  readonly maxMs: number
  /** The whole distribution: from the smallest to the largest, denser the closer to the largest. Empty without calls. */
  readonly percentiles: readonly PercentilePoint[]
}

export interface PercentilePoint {
  /** From 0 to 100. */
  readonly percentile: number
  readonly ms: number
}

export interface WorkerEvidence {
  /** Index of the journal; a killed worker's successor has one of its own. */
  readonly worker: number
  readonly threadId: number
  /** `killed`: terminated by plan. `failed`: ended otherwise than it should, see `error`. */
  readonly end: 'finished' | 'killed' | 'failed'
  readonly error?: ErrorRecord
  readonly started: number
  readonly outcomes: Outcomes
  /** Started and never ended: what a killed worker had in flight. */
  readonly lost: number
  /** When this worker was first refused in an outage or with a dead backend: the moment at which it noticed. */
  readonly firstRefusalAtMs?: number
  /** Which of the run's processes it was in, by the index of its case of exhaustion; absent where there is one. */
  readonly process?: number
}

/** The same call bare and through the breaker, in turns of one thread. */
export interface OverheadEvidence {
  /** Nanoseconds a call, round by round: those of one index were neighbours. */
  readonly bareNs: readonly number[]
  readonly guardedNs: readonly number[]
  /** Allocated for a call; absent where garbage was collected all along. */
  readonly bareBytes?: number
  readonly guardedBytes?: number
  /** Through the breaker, those to warm up among them. */
  readonly calls: number
  readonly succeeded: number
}

export interface ThreadEvidence {
  /** `coordinator`, or `worker-` and the worker's number. */
  readonly thread: string
  readonly stages: readonly ThreadStage[]
}

/** What one thread's event loop, and the operating system, did in one stage. */
export interface ThreadStage {
  /** Index of the stage; the drain comes last. */
  readonly stage: number
  /** Share of the time in which the event loop had something to do. */
  readonly utilization: number
  /** How much later than it should a timer of 10 ms fired. Absent where the thread blocks by plan. */
  readonly delay?: DelaySummary
  /** Time that the thread computed, and that it was ready to and had no processor. Absent where the system doesn't tell. */
  readonly cpuMs?: number
  readonly queuedMs?: number
}

export interface CircuitEvidence {
  /** `shared`, or the worker whose own breaker this is. */
  readonly view: 'shared' | number
  /** Every transition since the run began, in order; `lost` counts those that nobody could read any more. */
  readonly transitions: readonly TransitionRecord[]
  readonly lost: number
  readonly finalState: CircuitState
  /** What the breaker itself counted since the gate opened; absent where a target doesn't count. */
  readonly outcomes?: Outcomes
  /** Probes let through in each half-open epoch; absent where a target can't tell. */
  readonly probes?: readonly ProbeRecord[]
  /** Slots of threads that had not been given back when all workers had ended; absent where a target has none. */
  readonly slotsHeld?: number
  /** As of a worker. */
  readonly process?: number
}

export interface TransitionRecord {
  readonly from: CircuitState
  readonly to: CircuitState
  /** Of the life that began with this transition. */
  readonly epoch: number
  readonly atMs: number
  /** The thread slot or worker that made the transition; absent where a target doesn't say. */
  readonly by?: number
}

/** What became of the permissions given in one half-open epoch. */
export interface ProbeRecord {
  readonly epoch: number
  readonly worker: number
  readonly admitted: number
  /** Ended as ignored or released, so that the permission came back. */
  readonly returned: number
  /** Given to a worker that was then killed, so that the permission was reclaimed. */
  readonly lost: number
}

export interface DownstreamEvidence {
  readonly kind: Plan['downstream']['kind']
  /** Calls that reached the downstream, counted by the downstream itself, by stage. */
  readonly receivedByStage: readonly number[]
  readonly received: number
  readonly address?: string
}

/** How long a thread stood still, all in all, for heap snapshots and forced collections. */
export interface PauseEvidence {
  /** `coordinator`, or `worker-` and the worker's number. */
  readonly thread: string
  readonly pauseMs: number
}

/** Megabytes of 2²⁰ bytes. */
export interface MemorySample {
  readonly atMs: number
  readonly residentMb: number
  /** What each heap holds, in use or not: the coordinator's first, then each worker's that is alive. */
  readonly heapMb: readonly number[]
}

export interface MemoryEvidence {
  readonly samples: readonly MemorySample[]
  /** Resident memory when the first steady stage began: the pool is warm. */
  readonly baselineMb: number
  /** Largest growth of resident memory over the baseline. */
  readonly growthMb: number
  /** The part of that growth which the threads' own heaps account for. */
  readonly threadsGrowthMb: number
}

export interface ThroughputSample {
  readonly atMs: number
  /** Calls completed (refusals apart), and refused, since the gate opened. */
  readonly completed: number
  readonly refused: number
  /** Completed calls (refusals apart) per second over the last 5 s, or since the start. */
  readonly perSecond: number
  readonly refusedPerSecond: number
}

/** Memory that was left after collections, in bytes. */
export interface SoakEvidence {
  /** The coordinator first, then each worker. */
  readonly threads: readonly SoakThread[]
  /** The arena, which all threads share: journals, latencies and these samples are in nobody's heap. */
  readonly sharedBytes: number
}

export interface SoakThread {
  /** `coordinator`, `worker-0` … */
  readonly thread: string
  /** Beyond which V8 ends the thread. */
  readonly heapLimitBytes: number
  readonly samples: readonly SoakSample[]
  /** One a rest of the plan that took place. */
  readonly rests: readonly SoakRest[]
  /** From the snapshot of the first rest that had one to that of the last. */
  readonly growth?: HeapGrowth
}

/** A thread that had just collected its garbage, in the middle of its work. */
export interface SoakSample {
  readonly atMs: number
  /** Index in the plan. */
  readonly stage: number
  /** Begun by this thread so far; of the coordinator's, those of all workers. Calls of reference stages are not counted. */
  readonly calls: number
  /** Of those, begun and not ended: what they hold is no leak. Of the coordinator, none. */
  readonly inFlight: number
  readonly usedBytes: number
  /** Outside the heap, held by objects in it. */
  readonly externalBytes: number
  readonly pauseMs: number
}

/** A thread that had nothing in flight and had collected its garbage, again and again until nothing more went. */
export interface SoakRest {
  readonly stage: number
  readonly atMs: number
  readonly usedBytes: number
  readonly externalBytes: number
  readonly pauseMs: number
  readonly resources: ResourceCounts
  /** How many objects there are of common classes, subclasses with them; absent where snapshots tell more. */
  readonly objects?: Readonly<Record<string, number>>
  readonly snapshot?: SnapshotTaken
}

/** An error as it crosses threads: structured clone would drop the rest. */
export interface ErrorRecord {
  readonly name: string
  readonly code?: string
  readonly message: string
  readonly stack?: string
  readonly atMs?: number
  readonly worker?: number
}
