import type {
  CircuitEvidence,
  Evidence,
  MemoryEvidence,
  Outcomes,
  StageEvidence,
  ThreadEvidence,
  ThroughputSample,
  WorkerEvidence,
} from '../../evidence.js'
import type { CaseEvidence } from '../../exhaustion.js'
import type { Plan } from '../../plan.js'
import { environment } from '../assembling.js'
import { summarize } from '../latency.js'

/** One case: what is known of it, and the evidence of its process, if that told any. */
export interface RanCase {
  readonly told: CaseEvidence
  readonly evidence?: Evidence
}

/** A case's evidence, and where it goes in that of all. */
interface Part {
  readonly evidence: Evidence
  /** Index of its case, by which what it holds is told apart. */
  readonly process: number
  readonly sinceMs: number
  readonly stageOffset: number
  readonly workerOffset: number
}

/**
 * The evidence of several processes as that of one run: put end to end, as if each had begun when the one before had ended. Stages
 * are those of the plan, index by index; the drains are one, as no call goes from one process to another.
 */
export function joined(plan: Plan, cases: readonly RanCase[], startedAt: string, interrupted: boolean): Evidence {
  const parts = partsOf(plan, cases)
  const durationMs = parts.reduce((sum, { evidence }) => sum + evidence.durationMs, 0)
  return {
    plan,
    environment: environment(),
    startedAt,
    durationMs,
    interrupted: interrupted || parts.some(({ evidence }) => evidence.interrupted),
    stages: stagesOf(plan, parts, durationMs),
    workers: parts.flatMap(workersOf),
    threads: threadsOf(parts),
    circuits: parts.flatMap(circuitsOf),
    downstream: downstreamOf(plan, parts),
    memory: memoryOf(parts),
    throughput: throughputOf(parts),
    exhaustion: { cases: cases.map(({ told }) => told) },
    lastErrors: parts.flatMap(({ evidence, sinceMs, workerOffset }) =>
      evidence.lastErrors.slice(-ERRORS_OF_A_CASE).map((error) => ({
        ...error,
        ...(error.atMs === undefined ? {} : { atMs: error.atMs + sinceMs }),
        ...(error.worker === undefined ? {} : { worker: error.worker + workerOffset }),
      })),
    ),
    profiles: [],
    notes: parts.flatMap(({ evidence, process }) =>
      evidence.notes.map((note) => `${cases[process]?.told.case ?? ''}: ${note}`),
    ),
  }
}

const ERRORS_OF_A_CASE = 5

function partsOf(plan: Plan, cases: readonly RanCase[]): Part[] {
  const parts: Part[] = []
  let sinceMs = 0
  let workerOffset = 0
  for (const [process, { told, evidence }] of cases.entries()) {
    if (!evidence) continue
    const stageOffset = plan.stages.findIndex((stage) => stage.case === told.case)
    parts.push({ evidence, process, sinceMs, stageOffset, workerOffset })
    sinceMs += evidence.durationMs
    workerOffset += evidence.workers.length
  }
  return parts
}

/** Of a case that told nothing, stages without a call and without a length, where it would have been. */
function stagesOf(plan: Plan, parts: readonly Part[], durationMs: number): StageEvidence[] {
  let atMs = 0
  const stages = plan.stages.map((planned, index): StageEvidence => {
    const part = parts.find(({ stageOffset, evidence }) => {
      return index >= stageOffset && index < stageOffset + evidence.plan.stages.length
    })
    const stage = part?.evidence.stages[index - part.stageOffset]
    if (!part || !stage) return { ...emptyStage(planned.name, planned.role, atMs) }
    atMs = stage.endedAtMs + part.sinceMs
    return { ...stage, startedAtMs: stage.startedAtMs + part.sinceMs, endedAtMs: atMs }
  })
  const drains = parts.flatMap(({ evidence }) => evidence.stages.slice(-1))
  const longest = drains.reduce<StageEvidence | undefined>((most, drain) => {
    return drain.latency.count > (most?.latency.count ?? 0) ? drain : most
  }, undefined)
  const drain: StageEvidence = {
    ...emptyStage('drain', 'drain', durationMs),
    ...(longest ? { latency: longest.latency, refusalLatency: longest.refusalLatency } : {}),
    started: sum(drains, ({ started }) => started),
    timeouts: sum(drains, ({ timeouts }) => timeouts),
    intendedMsSum: sum(drains, ({ intendedMsSum }) => intendedMsSum),
    outcomes: addOutcomes(drains.map(({ outcomes }) => outcomes)),
  }
  return [...stages, drain]
}

function emptyStage(name: string, role: StageEvidence['role'], atMs: number): StageEvidence {
  return {
    name,
    role,
    startedAtMs: atMs,
    endedAtMs: atMs,
    started: 0,
    outcomes: addOutcomes([]),
    timeouts: 0,
    intendedMsSum: 0,
    latency: summarize([]),
    refusalLatency: summarize([]),
    throughputPerSecond: 0,
  }
}

function workersOf({ evidence, process, sinceMs, workerOffset }: Part): WorkerEvidence[] {
  return evidence.workers.map((worker) => ({
    ...worker,
    worker: worker.worker + workerOffset,
    process,
    ...(worker.firstRefusalAtMs === undefined ? {} : { firstRefusalAtMs: worker.firstRefusalAtMs + sinceMs }),
  }))
}

function circuitsOf({ evidence, process, sinceMs, workerOffset }: Part): CircuitEvidence[] {
  return evidence.circuits.map((circuit) => ({
    ...circuit,
    view: circuit.view === 'shared' ? 'shared' : circuit.view + workerOffset,
    process,
    transitions: circuit.transitions.map((transition) => ({ ...transition, atMs: transition.atMs + sinceMs })),
    ...(circuit.probes
      ? { probes: circuit.probes.map((probe) => ({ ...probe, worker: probe.worker + workerOffset })) }
      : {}),
  }))
}

/** The coordinators are told as one, since no two of them lived at once; drains are nobody's stage. */
function threadsOf(parts: readonly Part[]): ThreadEvidence[] {
  const all = parts.flatMap(({ evidence, stageOffset, workerOffset }) =>
    evidence.threads.map(({ thread, stages }) => ({
      thread: thread.replace(/\d+$/, (number) => String(Number(number) + workerOffset)),
      stages: stages
        .filter(({ stage }) => stage < evidence.plan.stages.length)
        .map((stage) => ({ ...stage, stage: stage.stage + stageOffset })),
    })),
  )
  const isCoordinator = ({ thread }: ThreadEvidence) => thread === 'coordinator'
  const coordinator = { thread: 'coordinator', stages: all.filter(isCoordinator).flatMap(({ stages }) => stages) }
  return [coordinator, ...all.filter((thread) => !isCoordinator(thread))]
}

function downstreamOf(plan: Plan, parts: readonly Part[]): Evidence['downstream'] {
  const receivedByStage = new Array<number>(plan.stages.length + 1).fill(0)
  for (const { evidence, stageOffset } of parts) {
    for (const [index, received] of evidence.downstream.receivedByStage.entries()) {
      const at = index < evidence.plan.stages.length ? stageOffset + index : plan.stages.length
      receivedByStage[at] = (receivedByStage[at] ?? 0) + received
    }
  }
  return { kind: plan.downstream.kind, receivedByStage, received: sum(receivedByStage, (received) => received) }
}

/** Samples of all; what memory grew by is that of the process which grew the most, beside the heaps of its threads. */
function memoryOf(parts: readonly Part[]): MemoryEvidence {
  const own = ({ evidence }: Part) => evidence.memory.growthMb - evidence.memory.threadsGrowthMb
  const worst = parts.toSorted((one, other) => own(other) - own(one))[0]?.evidence.memory
  const samples = parts.flatMap(({ evidence, sinceMs }) =>
    evidence.memory.samples.map((sample) => ({ ...sample, atMs: sample.atMs + sinceMs })),
  )
  const { baselineMb = 0, growthMb = 0, threadsGrowthMb = 0 } = worst ?? {}
  return { samples, baselineMb, growthMb, threadsGrowthMb }
}

function throughputOf(parts: readonly Part[]): ThroughputSample[] {
  let completed = 0
  let refused = 0
  return parts.flatMap(({ evidence, sinceMs }) => {
    const before = { completed, refused }
    const last = evidence.throughput.at(-1)
    completed += last?.completed ?? 0
    refused += last?.refused ?? 0
    return evidence.throughput.map((sample) => ({
      ...sample,
      atMs: sample.atMs + sinceMs,
      completed: sample.completed + before.completed,
      refused: sample.refused + before.refused,
    }))
  })
}

function addOutcomes(all: readonly Outcomes[]): Outcomes {
  return {
    success: sum(all, ({ success }) => success),
    error: sum(all, ({ error }) => error),
    ignored: sum(all, ({ ignored }) => ignored),
    refused: sum(all, ({ refused }) => refused),
    stale: sum(all, ({ stale }) => stale),
  }
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((all, item) => all + value(item), 0)
}
