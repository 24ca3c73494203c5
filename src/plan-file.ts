import { z } from 'zod'
import { formatDuration, parseDuration } from './duration.js'
import { EngineError } from './engine.js'
import { caseNameSchema, caseNames } from './exhaustion.js'
import { parseFault, parseLatency } from './faults.js'
import {
  behaviourSchema,
  breakerSchema,
  downstreamSchema,
  loadSchema,
  marksSchema,
  planSchema,
  profileKinds,
  shapes,
  stageSchema,
} from './plan.js'
import { BETWEEN_MAX } from './plan-parts.js'
import { spendingCases, spendingLedgers } from './spending.js'

/**
 * A plan as a user writes it in a file: several runs, in the words of the command line, with what of their scenarios is to be
 * otherwise. A field whose name ends in its unit takes a number; every other time is said as `500ms`, `10s` or `2m`.
 *
 *     import type { PlanFile } from 'busbar/stress'
 *     export default { version: 1, runs: [{ scenario: 'dead-backend', rate: 400 }] } satisfies PlanFile
 */
export type PlanFile = z.input<typeof planFileSchema>

/** The same, read: times are milliseconds, faults and latencies are what a plan has. */
export type ReadPlanFile = z.output<typeof planFileSchema>
export type ReadRun = ReadPlanFile['runs'][number]
export type ReadOptions = NonNullable<ReadPlanFile['defaults']>

type Fields = Readonly<Record<string, z.ZodType>>

/** An object of these fields and no other; whoever writes another is told which there are. */
function fieldsOf<Shape extends Fields>(shape: Shape) {
  const allowed = `allowed: ${Object.keys(shape).join(', ')}`
  return z.strictObject(shape, { error: ({ code }) => (code === 'unrecognized_keys' ? allowed : undefined) })
}

/** Each field may be null as well, which takes it away. */
function removable<Shape extends Fields>(shape: Shape) {
  const fields = Object.entries(shape).map(([name, schema]) => [name, z.nullable(schema)])
  return Object.fromEntries(fields) as { [Field in keyof Shape]: z.ZodNullable<Shape[Field]> }
}

/** A text that `parse` makes something of, or refuses by an `EngineError`. */
function wordOf<T>(parse: (text: string) => T, why: (message: string) => string) {
  return z.string({ error: why('') }).transform((text, context): T => {
    try {
      return parse(text)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      context.issues.push({ code: 'custom', message: why(error.message), input: text })
      return z.NEVER
    }
  })
}

const someTime = wordOf(
  (text) => parseDuration(text, 'time'),
  () => 'write a time such as 500ms, 10s, 2m or 1h, at most 24h',
)
const time = someTime.refine((durationMs) => durationMs > 0, 'write a time above 0')
const latency = wordOf(
  (text) => parseLatency(text, text),
  () => 'write a latency such as 5ms, 1ms..10ms or exp:5ms..100ms',
)
const fault = wordOf(parseFault, (message) =>
  message === '' ? 'write a fault such as outage@2s+500ms' : message.replace(/^fault "[^"]*": /, ''),
)
const plugIn = z.string().min(1)
const [closedLoad, openLoad] = loadSchema.options

const optionFields = {
  /** Names, paths of the user's own, or `all` of the scenario's. Default: the scenario's usual one. */
  targets: z.array(plugIn).min(1).max(100).optional(),
  workers: planSchema.shape.workers.optional(),
  inFlight: closedLoad.shape.inFlight.optional(),
  /** Requests in flight, level by level, of a scenario that changes its load; or how it changes its rate. */
  levels: z.array(closedLoad.shape.inFlight).min(1).max(64).optional(),
  shape: z.enum(shapes).optional(),
  /** Calls per second, over all workers. */
  rate: openLoad.shape.ratePerSecond.optional(),
  requests: stageSchema.shape.requests,
  duration: time.optional(),
  downstream: z.enum(['simulated', 'http']).optional(),
  port: downstreamSchema.shape.port.optional(),
  seed: planSchema.shape.seed.optional(),
  timeout: time.optional(),
  kills: planSchema.shape.kills.optional(),
  spending: z.enum(spendingCases).optional(),
  ledger: z.enum(spendingLedgers).optional(),
  /** As `--fault` has them: `outage@2s+500ms`. */
  faults: z.array(fault).max(100).optional(),
  profile: z.array(z.enum(profileKinds)).min(1).optional(),
  profileDir: z.string().min(1).optional(),
  /** What is to be used up, of the scenario that uses resources up. */
  cases: z.array(caseNameSchema).min(1).max(caseNames.length).optional(),
}

const { errorRate, hangRate, resetRate } = behaviourSchema.partial().shape
const behaviour = fieldsOf({ latency: latency.optional(), errorRate, hangRate, resetRate })

const stage = fieldsOf({
  name: stageSchema.shape.name,
  role: stageSchema.shape.role,
  requests: stageSchema.shape.requests,
  duration: time,
  untilCircuit: stageSchema.shape.untilCircuit,
  /** How the downstream answers in this stage, where otherwise than in the run. */
  behaviour: behaviour.optional(),
  /** A load of its own, of the kind that the run has: requests in flight, or calls a second, `toRate` at the end of a ramp. */
  inFlight: closedLoad.shape.inFlight.optional(),
  rate: openLoad.shape.ratePerSecond.optional(),
  toRate: openLoad.shape.ratePerSecond.optional(),
}).superRefine(({ inFlight, rate, toRate }, context) => {
  const refuse = (field: string, input: unknown, message: string) =>
    context.addIssue({ code: 'custom', path: [field], message, input })
  if (inFlight !== undefined && rate !== undefined) refuse('rate', rate, 'not beside inFlight')
  if (toRate !== undefined && rate === undefined) refuse('toRate', toRate, 'beside a rate, from which the ramp begins')
})

const soak = fieldsOf({
  snapshots: z.boolean().optional(),
  snapshotDir: z.string().min(1).optional(),
  between: z.int().min(0).max(BETWEEN_MAX).optional(),
  sampleEvery: time.optional(),
}).superRefine(({ snapshots, snapshotDir }, context) => {
  if (snapshots !== false || snapshotDir === undefined) return
  const message = 'not beside snapshots: false, without which there are none to write'
  context.addIssue({ code: 'custom', path: ['snapshotDir'], message, input: snapshotDir })
})

const run = fieldsOf({
  /** For `--only`, and for people who read the report. */
  name: z
    .string()
    .max(60)
    .regex(/^(?!\d+$)\w[\w .-]*$/, 'write letters, digits, blanks, dots and dashes, and not digits alone')
    .optional(),
  scenario: plugIn,
  ...optionFields,
  /** In place of the scenario's own. */
  stages: z.array(stage).min(1).max(64).optional(),
  marks: fieldsOf(removable(marksSchema.shape)).optional(),
  breaker: fieldsOf(breakerSchema.partial().shape).optional(),
  behaviour: behaviour.optional(),
  /** Makes a soak of the scenario, as `busbar soak` does; of one that is a soak, how it is done. */
  soak: soak.optional(),
  /** In place of the scenario's own. */
  checkers: z.array(plugIn).max(100).optional(),
}).superRefine(({ stages, duration, requests, soak }, context) => {
  if (!stages) return
  const message = 'not beside stages, which say themselves how long they last'
  const refuse = (field: string, input: unknown) => context.addIssue({ code: 'custom', path: [field], message, input })
  if (duration !== undefined) refuse('duration', formatDuration(duration))
  if (requests !== undefined) refuse('requests', requests)
  if (soak !== undefined) refuse('soak', soak)
})

export const planFileSchema = fieldsOf({
  /** Of this format. */
  version: z.literal(1),
  /** What every run has that doesn't say otherwise. */
  defaults: fieldsOf(optionFields).optional(),
  /** As `--report` has them: `console`, `json=reports/`. */
  reports: z.array(z.string().min(1)).min(1).max(100).optional(),
  runs: z.array(run).min(1).max(1000),
}).superRefine(({ runs }, context) => {
  for (const [index, { name }] of runs.entries()) {
    if (name === undefined || runs.findIndex((other) => other.name === name) === index) continue
    context.addIssue({
      code: 'custom',
      path: ['runs', index, 'name'],
      message: 'another run has this name',
      input: name,
    })
  }
})
