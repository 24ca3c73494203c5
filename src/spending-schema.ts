import { z } from 'zod'
import { latencySummary } from './latency-schema.js'
import type { Held } from './report-schema.js'
import type { SpendingAccount, SpendingEvidence, SpendingSample, SpendingThread } from './spending.js'

/** The part of a report that calls which cost money add, as `spending.ts` has it. Amounts are whole micro-units. */
const count = z.number().int().nonnegative()
const amount = z.number().int()
const ms = z.number()

const counts = {
  allowed: count,
  refused: count,
  settled: count,
  released: count,
  late: count,
  refusedEarly: count,
}

const thread = z.strictObject({
  worker: count,
  ...counts,
  spent: amount,
  spentMost: amount,
  overrun: amount,
  open: amount,
})

const budget = z.strictObject({
  name: z.string(),
  limit: amount,
  period: count,
  committed: amount,
  reserved: amount,
  spent: amount,
  overrun: amount,
})

const sample = z.strictObject({
  atMs: ms,
  wallMs: ms,
  total: amount,
  least: amount,
  most: amount,
  committedLeast: amount.exactOptional(),
  budgets: z.array(budget),
})

const account = z.strictObject({
  key: z.string(),
  ...counts,
  refusedCost: amount,
  threads: z.array(thread),
  samples: z.array(sample),
  samplesTaken: count,
  atEnd: sample,
  afterExpiry: sample,
})

export const spendingEvidenceSchema = z.strictObject({
  accounts: z.array(account),
  refusalLatency: latencySummary,
  hops: count,
})

/** Fails to compile where schema and type part. */
const held: [
  Held<typeof thread, SpendingThread>,
  Held<typeof sample, SpendingSample>,
  Held<typeof account, SpendingAccount>,
  Held<typeof spendingEvidenceSchema, SpendingEvidence>,
] = [true, true, true, true]
void held
