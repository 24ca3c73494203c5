import { readFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import type {
  DownstreamEvidence,
  Environment,
  ErrorRecord,
  Evidence,
  StageEvidence,
  ThreadEvidence,
  ThreadStage,
  WorkerEvidence,
} from '../evidence.js'
import type { Plan } from '../plan.js'
import { loadOf } from '../stage-load.js'
import { type Arena, HistogramKind } from './arena.js'
import type { Member } from './crew.js'
import { addCounts, completed, ended } from './journal.js'
import { summarize } from './latency.js'

const LAST_ERRORS_KEPT = 20

/** The stages that were, and the drain; read once the gate is closed. Times are milliseconds since it opened. */
export function stageEvidence(plan: Plan, arena: Arena, members: readonly Member[]): StageEvidence[] {
  const { gate, shape } = arena
  const openedMs = gate.startMs(0) ?? 0
  const closedMs = gate.startMs(shape.stages + 1) ?? openedMs
  const begins = Array.from({ length: shape.stages + 2 }, (_, stage) => gate.startMs(stage))
  // A stage that a stop skipped begins and ends where the next one begins.
  for (let stage = shape.stages + 1, nextMs = closedMs; stage >= 0; stage -= 1) {
    nextMs = Math.min(begins[stage] ?? nextMs, nextMs)
    begins[stage] = nextMs
  }
  return Array.from({ length: shape.stages + 1 }, (_, stage): StageEvidence => {
    const counts = addCounts(members.map((member) => member.journal.counts(stage)))
    const startedAtMs = (begins[stage] ?? closedMs) - openedMs
    const endedAtMs = (begins[stage + 1] ?? closedMs) - openedMs
    const durationMs = endedAtMs - startedAtMs
    const planned = plan.stages[stage]
    const efficiency =
      plan.load.model === 'closed' && planned && planned.role !== 'rest' && durationMs > 0
        ? { efficiency: counts.intendedMs / (inFlight(plan, stage, shape.slots) * durationMs) }
        : {}
    return {
      name: planned?.name ?? 'drain',
      role: planned?.role ?? 'drain',
      startedAtMs,
      endedAtMs,
      started: counts.started,
      outcomes: counts.outcomes,
      timeouts: counts.timeouts,
      intendedMsSum: counts.intendedMs,
      latency: latency(arena, stage, HistogramKind.letThrough),
      refusalLatency: latency(arena, stage, HistogramKind.refused),
      throughputPerSecond: durationMs > 0 ? (completed(counts.outcomes) * 1000) / durationMs : 0,
      ...efficiency,
    }
  })
}

/** What is really in flight: a thread that blocks has one call at a time. */
export function inFlight(plan: Plan, stage: number, slots: number): number {
  const load = loadOf(plan, stage)
  if (load.model === 'open') return 0
  return plan.operation === 'blocking' ? Math.min(slots, load.inFlight) : load.inFlight
}

function latency(arena: Arena, stage: number, kind: HistogramKind) {
  const slots = Array.from({ length: arena.shape.slots }, (_, slot) => slot)
  return summarize(slots.map((slot) => arena.histogram(slot, stage, kind)))
}

export function workerEvidence(members: readonly Member[]): WorkerEvidence[] {
  return members.map(({ worker, journal, end = 'failed', error }) => {
    const { started, outcomes } = journal.counts()
    const { firstRefusalAtMs } = journal
    return {
      worker,
      threadId: journal.threadId,
      end,
      ...(error ? { error } : {}),
      started,
      outcomes,
      lost: started - ended(outcomes),
      ...(firstRefusalAtMs === undefined ? {} : { firstRefusalAtMs }),
    }
  })
}

/** A killed worker took what it knew of its event loop along. */
export function threadEvidence(own: readonly ThreadStage[], members: readonly Member[]): ThreadEvidence[] {
  const told = members.flatMap(({ worker, answer }) => {
    return answer ? [{ thread: `worker-${worker}`, stages: answer.stages }] : []
  })
  return [{ thread: 'coordinator', stages: own }, ...told]
}

/** Of resources that are used up: what each worker's calls saw, and what the workers themselves ended of. */
export function signs(members: readonly Member[]): Readonly<Record<string, number>>[] {
  return members.flatMap(({ answer, end, error }) => [
    ...(answer?.signs ? [answer.signs] : []),
    ...(error?.code === undefined ? [] : [{ [error.code]: 1 }]),
    ...(end === 'killed' && !error ? [{ terminated: 1 }] : []),
  ])
}

/** Of the one worker that measured it. */
export function overheadEvidence(members: readonly Member[]): Pick<Evidence, 'overhead'> {
  const overhead = members.flatMap(({ answer }) => answer?.overhead ?? [])[0]
  return overhead ? { overhead } : {}
}

export function downstreamEvidence(
  plan: Plan,
  arena: Arena,
  members: readonly Member[],
  address?: string,
): DownstreamEvidence {
  const receivedByStage = Array.from(
    { length: arena.shape.stages + 1 },
    (_, stage) =>
      arena.receivedByServer(stage) + members.reduce((sum, member) => sum + member.journal.counts(stage).received, 0),
  )
  return {
    kind: plan.downstream.kind,
    receivedByStage,
    received: receivedByStage.reduce((sum, received) => sum + received, 0),
    ...(address === undefined ? {} : { address }),
  }
}

/** The latest errors over all workers, oldest first. */
export function lastErrors(members: readonly Member[]): ErrorRecord[] {
  const errors = members.flatMap((member) => [
    ...(member.answer?.lastErrors ?? []),
    ...(member.error ? [member.error] : []),
  ])
  return errors.sort((one, other) => (one.atMs ?? 0) - (other.atMs ?? 0)).slice(-LAST_ERRORS_KEPT)
}

export function environment(): Environment {
  const own: { version: string } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
  const processors = cpus()
  return {
    node: process.version,
    busbar: own.version,
    platform: `${process.platform} ${process.arch}`,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryMb: Math.round(totalmem() / 2 ** 20),
  }
}
