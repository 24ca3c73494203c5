import { z } from 'zod'
import type { Verdict } from './checker.js'
import type {
  CircuitEvidence,
  DownstreamEvidence,
  Environment,
  ErrorRecord,
  Evidence,
  LatencySummary,
  MemoryEvidence,
  MemorySample,
  Outcomes,
  OverheadEvidence,
  PauseEvidence,
  ProbeRecord,
  StageEvidence,
  ThreadEvidence,
  ThreadStage,
  ThroughputSample,
  TransitionRecord,
  WorkerEvidence,
} from './evidence.js'
import { exhaustionEvidenceSchema } from './exhaustion-schema.js'
import { latencySummary } from './latency-schema.js'
import { planSchema } from './plan.js'
import type { Report, SkippedChecker } from './report.js'
import { soakEvidenceSchema } from './soak-schema.js'
import { spendingEvidenceSchema } from './spending-schema.js'
import type { SuiteMark } from './suite.js'

/**
 * The report as JSON: what `--report json` writes, field by field as `evidence.ts` and `report.ts` have it (the last
 * lines hold the two together). docs/report.schema.json is made from it, docs/report.md explains it.
 */
export const SCHEMA_VERSION = 1

const count = z.number().int().nonnegative()
const ms = z.number()
const circuitState = z.enum(['closed', 'open', 'half-open', 'forced-open', 'disabled', 'metrics-only'])
const verdictResult = z.enum(['valid', 'invalid', 'unknown'])

const outcomes = z.strictObject({ success: count, error: count, ignored: count, refused: count, stale: count })

const errorRecord = z.strictObject({
  name: z.string(),
  code: z.string().exactOptional(),
  message: z.string(),
  stack: z.string().exactOptional(),
  atMs: ms.exactOptional(),
  worker: count.exactOptional(),
})

const environment = z.strictObject({
  node: z.string(),
  busbar: z.string(),
  platform: z.string(),
  cpuModel: z.string(),
  cores: count,
  memoryMb: z.number(),
})

const stage = z.strictObject({
  name: z.string(),
  role: z.enum(['warm-up', 'reference', 'rest', 'steady', 'outage', 'recovery', 'drain']),
  startedAtMs: ms,
  endedAtMs: ms,
  started: count,
  outcomes,
  timeouts: count,
  intendedMsSum: ms,
  latency: latencySummary,
  refusalLatency: latencySummary,
  throughputPerSecond: z.number(),
  efficiency: z.number().exactOptional(),
})

const worker = z.strictObject({
  worker: count,
  threadId: z.number().int(),
  end: z.enum(['finished', 'killed', 'failed']),
  error: errorRecord.exactOptional(),
  started: count,
  outcomes,
  lost: count,
  firstRefusalAtMs: ms.exactOptional(),
  process: count.exactOptional(),
})

const delay = z.strictObject({ meanMs: ms, p99Ms: ms, maxMs: ms })

const threadStage = z.strictObject({
  stage: count,
  utilization: z.number(),
  delay: delay.exactOptional(),
  cpuMs: ms.exactOptional(),
  queuedMs: ms.exactOptional(),
})

const overhead = z.strictObject({
  bareNs: z.array(z.number()),
  guardedNs: z.array(z.number()),
  bareBytes: z.number().exactOptional(),
  guardedBytes: z.number().exactOptional(),
  calls: count,
  succeeded: count,
})

const thread = z.strictObject({ thread: z.string(), stages: z.array(threadStage) })

const transition = z.strictObject({
  from: circuitState,
  to: circuitState,
  epoch: z.number().int(),
  atMs: ms,
  by: z.number().int().exactOptional(),
})

const probe = z.strictObject({ epoch: z.number().int(), worker: count, admitted: count, returned: count, lost: count })

const circuit = z.strictObject({
  view: z.union([z.literal('shared'), count]),
  transitions: z.array(transition),
  lost: count,
  finalState: circuitState,
  outcomes: outcomes.exactOptional(),
  probes: z.array(probe).exactOptional(),
  slotsHeld: count.exactOptional(),
  process: count.exactOptional(),
})

const downstream = z.strictObject({
  kind: z.enum(['simulated', 'http', 'resources']),
  receivedByStage: z.array(count),
  received: count,
  address: z.string().exactOptional(),
})

const memorySample = z.strictObject({ atMs: ms, residentMb: z.number(), heapMb: z.array(z.number()) })

const throughputSample = z.strictObject({
  atMs: ms,
  completed: count,
  refused: count,
  perSecond: z.number(),
  refusedPerSecond: z.number(),
})

const memory = z.strictObject({
  samples: z.array(memorySample),
  baselineMb: z.number(),
  growthMb: z.number(),
  threadsGrowthMb: z.number(),
})

const pause = z.strictObject({ thread: z.string(), pauseMs: ms })

const evidence = z.strictObject({
  plan: planSchema,
  environment,
  startedAt: z.string(),
  durationMs: ms,
  interrupted: z.boolean(),
  stages: z.array(stage),
  workers: z.array(worker),
  threads: z.array(thread),
  circuits: z.array(circuit),
  downstream,
  memory,
  throughput: z.array(throughputSample),
  overhead: overhead.exactOptional(),
  soak: soakEvidenceSchema.exactOptional(),
  spending: spendingEvidenceSchema.exactOptional(),
  exhaustion: exhaustionEvidenceSchema.exactOptional(),
  lastErrors: z.array(errorRecord),
  profiles: z.array(z.string()),
  pauses: z.array(pause).exactOptional(),
  notes: z.array(z.string()),
})

const verdict = z.strictObject({
  checker: z.string(),
  question: z.string(),
  result: verdictResult,
  summary: z.string(),
  details: z.array(z.string()).exactOptional(),
})

const skipped = z.strictObject({ checker: z.string(), reason: z.string() })

export const reportSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  result: verdictResult,
  verdicts: z.array(verdict),
  skipped: z.array(skipped),
  evidence,
  command: z.string(),
})

const suiteMark = z.strictObject({
  scenario: z.string(),
  what: z.string(),
  wanted: z.string(),
  unit: z.string(),
  example: z.number().exactOptional(),
  reached: z.number().exactOptional(),
  result: verdictResult,
})

/** What a report file holds. */
export const reportFileSchema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  reports: z.array(reportSchema),
  suite: z.array(suiteMark).exactOptional(),
})

export interface ReportFile {
  readonly schemaVersion: typeof SCHEMA_VERSION
  readonly reports: readonly Report[]
  /** The marks of a suite that was run as a whole. */
  readonly suite?: readonly SuiteMark[]
}

/** The JSON Schema (draft 2020-12) of a report file; docs/report.schema.json is this, formatted. */
export function jsonSchema(): object {
  return {
    title: 'Busbar report',
    description: `What \`busbar run --report json\` writes, version ${SCHEMA_VERSION}; docs/report.md explains each field.`,
    ...z.toJSONSchema(reportFileSchema),
  }
}

/** `readonly` taken off all the way down: the types promise it, a schema can't. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Plain<T[Key]> }
    : T
type Asked<A> = <T>() => T extends A ? 1 : 2
/** Two types are the same where a deferred condition on either can't be told from the other: assignable is not enough. */
type Same<A, B> = Asked<Plain<A>> extends Asked<Plain<B>> ? true : false

type Every<All extends readonly true[]> = All

export type Held<Schema extends z.ZodType, Type> = Same<z.infer<Schema>, Type>

/**
 * Fails to compile where a schema and its type part, optional fields included. Each is held by itself: a few levels
 * down, the compiler takes recursive types for equal without looking.
 */
export type HeldTogether = Every<
  [
    Held<typeof errorRecord, ErrorRecord>,
    Held<typeof environment, Environment>,
    Held<typeof outcomes, Outcomes>,
    Held<typeof latencySummary, LatencySummary>,
    Held<typeof stage, StageEvidence>,
    Held<typeof worker, WorkerEvidence>,
    Held<typeof overhead, OverheadEvidence>,
    Held<typeof threadStage, ThreadStage>,
    Held<typeof thread, ThreadEvidence>,
    Held<typeof transition, TransitionRecord>,
    Held<typeof probe, ProbeRecord>,
    Held<typeof circuit, CircuitEvidence>,
    Held<typeof downstream, DownstreamEvidence>,
    Held<typeof memorySample, MemorySample>,
    Held<typeof memory, MemoryEvidence>,
    Held<typeof throughputSample, ThroughputSample>,
    Held<typeof pause, PauseEvidence>,
    Held<typeof evidence, Evidence>,
    Held<typeof verdict, Verdict>,
    Held<typeof skipped, SkippedChecker>,
    Held<typeof reportSchema, Report>,
    Held<typeof suiteMark, SuiteMark>,
  ]
>
