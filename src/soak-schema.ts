import { z } from 'zod'
import type { SoakEvidence } from './evidence.js'
import { heapGrowthSchema } from './profiler/heap/growth.js'
import type { Held } from './report-schema.js'

/** The part of a report that a soak adds, as `evidence.ts` has it; docs/soak.md explains it. */
const count = z.number().int().nonnegative()
const bytes = z.number().nonnegative()
const ms = z.number()

const sample = z.strictObject({
  atMs: ms,
  stage: count,
  calls: count,
  inFlight: count,
  usedBytes: bytes,
  externalBytes: bytes,
  pauseMs: ms,
})

const resources = z.strictObject({
  handles: z.record(z.string(), count),
  timers: count,
  ports: count,
  listeners: count,
  fileDescriptors: count.exactOptional(),
  threads: count.exactOptional(),
})

const snapshot = z.strictObject({ file: z.string(), bytes, pauseMs: ms, note: z.string().exactOptional() })

const rest = z.strictObject({
  stage: count,
  atMs: ms,
  usedBytes: bytes,
  externalBytes: bytes,
  pauseMs: ms,
  resources,
  objects: z.record(z.string(), count).exactOptional(),
  snapshot: snapshot.exactOptional(),
})

const thread = z.strictObject({
  thread: z.string(),
  heapLimitBytes: bytes,
  samples: z.array(sample),
  rests: z.array(rest),
  growth: heapGrowthSchema.exactOptional(),
})

export const soakEvidenceSchema = z.strictObject({ threads: z.array(thread), sharedBytes: bytes })

/** Fails to compile where schema and type part. */
const held: Held<typeof soakEvidenceSchema, SoakEvidence> = true
void held
