import { z } from 'zod'
import { type CaseName, caseNameSchema, exhaustionFaults, exhaustionMarks, exhaustionSchema } from './exhaustion.js'
import { overheadSchema, soakSchema } from './plan-parts.js'
import { type SpendingCase, type SpendingLedger, spendingSchema } from './spending.js'

/**
 * A plan is frozen, printable, seeded data: all that a run needs to know, and all that is needed to run it again.
 * Times are milliseconds, rates are per second, shares are between 0 and 1.
 */

const milliseconds = z.number().nonnegative().max(86_400_000)
const share = z.number().min(0).max(1)
const count = z.number().int().positive().max(1_000_000_000)
const seed = z.number().int().min(-2_147_483_648).max(2_147_483_647)

export const latencySchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('constant'), ms: milliseconds }),
  z.strictObject({ type: z.literal('uniform'), minMs: milliseconds, maxMs: milliseconds }),
  z.strictObject({ type: z.literal('exponential'), meanMs: milliseconds, maxMs: milliseconds }),
])

/** How the downstream answers: each rate is the share of calls that meet this fate. */
export const behaviourSchema = z.strictObject({
  latency: latencySchema,
  /** Answered with an error, after the latency. */
  errorRate: share,
  /** Never answered: the call ends by its timeout. */
  hangRate: share,
  /** The connection is reset at once. */
  resetRate: share,
})

/** One entry of the fault script: between its two times, counted from the first measured stage, it overrides the behaviour. */
export const faultSchema = z.strictObject({
  fromMs: milliseconds,
  forMs: milliseconds,
  override: behaviourSchema.partial(),
})

export const downstreamSchema = z.strictObject({
  /**
   * `simulated`: timers inside each worker. `http`: a real server on loopback in a thread of its own. `resources`: what the case
   * of exhaustion uses of the machine.
   */
  kind: z.enum(['simulated', 'http', 'resources']),
  behaviour: behaviourSchema,
  faults: z.array(faultSchema).max(100),
  /** For `http`: the loopback port to listen on; 0 lets the system choose. */
  port: z.number().int().min(0).max(65_535),
})

export const loadSchema = z.discriminatedUnion('model', [
  /** Closed: a fixed number of requests in flight, over all workers; a new one starts when one ends. */
  z.strictObject({ model: z.literal('closed'), inFlight: z.number().int().positive().max(1_000_000) }),
  /** Open: requests start at their intended times, whether or not earlier ones have ended. */
  z.strictObject({ model: z.literal('open'), ratePerSecond: z.number().positive().max(10_000_000) }),
])

/** What a stage asks instead of the plan's load; of the same model. */
export const stageLoadSchema = z.discriminatedUnion('model', [
  /** Begins once the calls of the level before have ended. */
  z.strictObject({ model: z.literal('closed'), inFlight: z.number().int().positive().max(1_000_000) }),
  /** With `toRatePerSecond` the rate goes from one to the other over the stage's duration, in a straight line, and stays there. */
  z.strictObject({
    model: z.literal('open'),
    ratePerSecond: z.number().positive().max(10_000_000),
    toRatePerSecond: z.number().positive().max(10_000_000).optional(),
  }),
])

/**
 * A stretch of the run. It ends with the first of its limits that is reached.
 *
 * - `warm-up`: not judged; code is compiled and pools fill.
 * - `reference`: the same clients call the same downstream with no breaker and no records between: what the machine gives at
 *   that moment. Where a plan has such stages, the steady ones are measured against them.
 * - `steady`: judged by the pass marks.
 * - `rest`: no call starts and those in flight end; ends when all that a soak does there is done. Nothing of it is judged.
 * - `outage`: the downstream fails by the stage's override; the circuit is expected to open and refuse.
 * - `recovery`: the downstream is well again; the circuit is expected to close.
 */
export const stageSchema = z.strictObject({
  name: z.string().min(1).max(40),
  role: z.enum(['warm-up', 'reference', 'rest', 'steady', 'outage', 'recovery']),
  /** Ends when so many requests were started in it. */
  requests: count.optional(),
  /** Ends after this time. Every stage has it: nothing waits without a limit. */
  durationMs: milliseconds,
  /** Ends once every view of the circuit is in this state. */
  untilCircuit: z.enum(['open', 'closed']).optional(),
  override: behaviourSchema.partial().optional(),
  load: stageLoadSchema.optional(),
  /** Of exhaustion: which case it is of. */
  case: caseNameSchema.optional(),
})

/** What a plan is meant to show of its steady stages, which are then held against each other. */
export const shapes = ['levels', 'ramp', 'step', 'spike', 'soak'] as const

/** The breaker under test, in the words that all targets understand; each maps what it has. */
export const breakerSchema = z.strictObject({
  slidingWindow: z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('consecutive'), size: count }),
    z.strictObject({
      type: z.literal('time'),
      durationMs: z.number().positive(),
      buckets: z.number().int().positive().max(1000),
    }),
  ]),
  failureRateThreshold: z.number().positive().max(1),
  minimumCalls: count,
  waitDurationInOpenStateMs: milliseconds,
  permittedNumberOfCallsInHalfOpenState: z.number().int().positive().max(256),
})

/** What must be reached for `valid`; a mark that is absent is not judged. */
export const marksSchema = z.strictObject({
  /** Completed calls (refusals apart) per second over the steady stages. */
  throughputPerSecondMin: z.number().nonnegative().optional(),
  latencyMsP95Max: z.number().positive().optional(),
  latencyMsP99Max: z.number().positive().optional(),
  /** Growth of the process's resident memory from the warmed pool on, without what the threads' own heaps account for. */
  memoryGrowthMbMax: z.number().positive().optional(),
  /** Share of the calls of the steady stages that ended in success. */
  successRateMin: share.optional(),
  /** Share of the requests started in the steady stages that ended at all. */
  processedRateMin: share.optional(),
  /** Achieved ÷ ideal throughput over the steady stages; ideal is that of the reference stages. Closed load only. */
  efficiencyMin: share.optional(),
  /** How far a steady stage's throughput may lie below the first one's, as a share of it. */
  throughputFallMax: share.optional(),
  /** How many times the first steady stage's median latency that of another one may be. */
  latencyRiseMax: z.number().min(1).optional(),
  /** Share of the calls of each steady stage that must end in success … */
  levelSuccessRateMin: share.optional(),
  /** … up to this level, in flight or calls a second; without it, at every level. */
  levelSuccessUpTo: z.number().positive().optional(),
  /** What the breaker adds to a call, the median of all turns. */
  overheadMsMax: z.number().positive().optional(),
  /** The same as a share of the bare call. */
  overheadShareMax: z.number().positive().optional(),
  /** What the breaker allocates for a call, in bytes. */
  overheadBytesMax: z.number().positive().optional(),
  /** What all threads retain after the soak that they didn't before it, collected: heap and external memory. */
  retainedMbMax: z.number().positive().optional(),
  /** The same for each call, without what the bare loop retains. */
  retainedBytesPerCallMax: z.number().positive().optional(),
  /** Share of what the budgets permit, or of what all calls would have cost where that is less, that must be spent. */
  spentShareMin: share.optional(),
  /** Share of the calls that asked for money that must be allowed. */
  allowedRateMin: share.optional(),
  /** Calls that must be refused for cost, at least. */
  costRefusedMin: count.optional(),
  ...exhaustionMarks,
})

export const profileKinds = ['cpu', 'heap', 'allocation'] as const

/**
 * - `cpu`: where each thread spent its time, from before the gate opens until the load has drained.
 * - `allocation`: who allocated, in that time, what was still alive at its end.
 * - `heap`: all that each thread holds, in each rest of the plan.
 */
export const profileSchema = z.strictObject({
  kinds: z.array(z.enum(profileKinds)).min(1).max(profileKinds.length),
  directory: z.string().min(1),
})

const planFields = z.strictObject({
  /** Scenario, target and checkers are names that Busbar knows, or absolute paths of a user's own. */
  scenario: z.string().min(1),
  target: z.string().min(1),
  seed,
  workers: z.number().int().min(1).max(512),
  /** How a worker calls the downstream: awaiting it, or blocking its thread. */
  operation: z.enum(['async', 'blocking']),
  load: loadSchema,
  stages: z.array(stageSchema).min(1).max(64),
  downstream: downstreamSchema,
  breaker: breakerSchema,
  /** A call that takes longer ends in a timeout, which the breaker sees as an error. */
  timeoutMs: milliseconds,
  /** What a closed-load client does after a refusal before it asks again; without it a refused client spins. */
  pauseAfterRefusalMs: milliseconds,
  /** How many times a random worker is terminated while the run goes on; each is replaced. */
  kills: z.number().int().nonnegative().max(10_000),
  marks: marksSchema,
  checkers: z.array(z.string()),
  /** What each call allocates, beside its breaker, and lets go when it ends: about so many bytes in a text and an array. */
  payloadBytes: z
    .number()
    .int()
    .positive()
    .max(2 ** 24)
    .optional(),
  soak: soakSchema.optional(),
  overhead: overheadSchema.optional(),
  /** Calls cost money, under budgets; without it they cost nothing. Async and closed load only. */
  spending: spendingSchema.optional(),
  exhaustion: exhaustionSchema.optional(),
  /** What is written down of every thread beside the figures; without it, nothing is. */
  profile: profileSchema.optional(),
  /** How the load changes from steady stage to steady stage; without it, it doesn't. */
  shape: z.enum(shapes).optional(),
  /** What its plan file calls it. */
  name: z.string().min(1).max(60).optional(),
  /** The words after `npx busbar` that make this plan again, where its scenario and options alone would not. */
  command: z.array(z.string()).min(1).optional(),
})

export const planSchema = planFields.superRefine((plan, context) => {
  const { load, stages, operation, spending } = plan
  for (const fault of exhaustionFaults(plan)) context.addIssue({ code: 'custom', ...fault })
  if (spending && (load.model !== 'closed' || operation !== 'async')) {
    const message = 'goes with a closed load of asynchronous calls'
    context.addIssue({ code: 'custom', path: ['spending'], input: spending.case, message })
  }
  for (const [index, stage] of stages.entries()) {
    if (stage.load === undefined || stage.load.model === load.model) continue
    const message = `a stage has the plan's own model; allowed: "${load.model}"`
    context.addIssue({ code: 'custom', path: ['stages', index, 'load', 'model'], input: stage.load.model, message })
  }
})

export type Latency = z.infer<typeof latencySchema>
export type Behaviour = z.infer<typeof behaviourSchema>
export type Fault = z.infer<typeof faultSchema>
export type DownstreamPlan = z.infer<typeof downstreamSchema>
export type Load = z.infer<typeof loadSchema>
export type StageLoad = z.infer<typeof stageLoadSchema>
export type Shape = (typeof shapes)[number]
export type Stage = z.infer<typeof stageSchema>
export type StageRole = Stage['role']
export type BreakerPlan = z.infer<typeof breakerSchema>
export type ProfileKind = (typeof profileKinds)[number]
export type Marks = z.infer<typeof marksSchema>
export type SoakPlan = z.infer<typeof soakSchema>
export type OverheadPlan = z.infer<typeof overheadSchema>
export type Plan = z.infer<typeof planSchema>

const unjudged: readonly StageRole[] = ['warm-up', 'reference', 'rest']

/** Index of the stage with which judging begins: the first that is neither warm-up nor reference nor rest. */
export function firstMeasured(plan: Plan): number {
  const first = plan.stages.findIndex(({ role }) => !unjudged.includes(role))
  return Math.max(0, first)
}

/** What a user may say of a run without writing a plan; a scenario makes a plan of it. Absent means the scenario's own. */
export interface RunOptions {
  readonly target?: string
  readonly seed?: number
  readonly workers?: number
  readonly inFlight?: number
  /** Requests in flight, level by level. */
  readonly levels?: readonly number[]
  readonly shape?: Shape
  readonly requests?: number
  /** Of each steady stage. */
  readonly durationMs?: number
  readonly ratePerSecond?: number
  readonly downstream?: 'simulated' | 'http'
  readonly port?: number
  readonly faults?: readonly Fault[]
  readonly timeoutMs?: number
  readonly kills?: number
  /** What is done to the budgets, of the scenario that has some. */
  readonly spending?: SpendingCase
  /** Who keeps them. */
  readonly ledger?: SpendingLedger
  /** Default, where a directory is told: CPU alone. */
  readonly profile?: readonly ProfileKind[]
  /** Default, where kinds are told: `profiles`. */
  readonly profileDirectory?: string
  readonly soak?: SoakOptions
  /** What is to be used up; default: each in its turn. */
  readonly cases?: readonly CaseName[]
}

/** How a run is soaked; absent means as its length suggests. */
export interface SoakOptions {
  /** Default true. Without them it is known whether memory grows, not who holds it. */
  readonly snapshots?: boolean
  /** Default `profiles`. */
  readonly snapshotDirectory?: string
  /** Rests in the middle of the soak, each with a snapshot: what is new at one and still there at the next was kept. */
  readonly between?: number
  readonly sampleEveryMs?: number
}
