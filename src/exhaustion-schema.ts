import { z } from 'zod'
import { caseNameSchema, type ExhaustionEvidence } from './exhaustion.js'
import type { Held } from './report-schema.js'

/** The part of a report that using resources up adds, as `exhaustion.ts` has it; docs/exhaustion.md explains it. */
const count = z.number().int().nonnegative()
const counts = z.record(z.string(), count)

const processEvidence = z.strictObject({
  end: z.enum(['reported', 'failed', 'ended', 'silent']),
  exitCode: z.number().int().exactOptional(),
  signal: z.string().exactOptional(),
  endedByItself: z.boolean(),
  lastWords: z.string().exactOptional(),
})

const left = z.strictObject({
  files: count,
  descriptors: count.exactOptional(),
  threads: count.exactOptional(),
  handles: counts,
})

const caseEvidence = z.strictObject({
  case: caseNameSchema,
  skipped: z.string().exactOptional(),
  process: processEvidence.exactOptional(),
  signs: counts,
  descriptors: z.strictObject({ peak: count, limit: count.exactOptional() }).exactOptional(),
  left: left.exactOptional(),
})

export const exhaustionEvidenceSchema = z.strictObject({ cases: z.array(caseEvidence) })

/** Fails to compile where schema and type part. */
const held: Held<typeof exhaustionEvidenceSchema, ExhaustionEvidence> = true
void held
