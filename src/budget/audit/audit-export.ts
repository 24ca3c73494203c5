import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { wallTimeTextAt } from '../../world/clock.js'
import type { AuditItem, AuditReader } from './audit-reader.js'

/** What the indices of records are called. An index that has no name is told as it is. */
export interface AuditNames {
  readonly accounts?: readonly string[]
  readonly operations?: readonly string[]
  readonly rules?: readonly string[]
}

export interface AuditExportOptions {
  readonly names?: AuditNames
  /** Goes on with records as they come, until it is aborted. Without it: what there is now. */
  readonly signal?: AbortSignal | undefined
}

/**
 * The records as JSON lines, each with its end of line. A record has `at` (ISO 8601), `thread`, `amount` (micro-units), `decision`, `reason`,
 * and `account`, `operation` and `rule` where they are told; `{"lost":12}` stands where so many are missing.
 */
export function auditLines(reader: AuditReader, { names = {}, signal }: AuditExportOptions = {}): Readable {
  return Readable.from(linesOf(signal ? reader.follow(signal) : reader.drain(), names), { encoding: 'utf8' })
}

/** Appends the records to a file. Rejects with the system's error if that can't be written. */
export async function writeAudit(reader: AuditReader, path: string, options?: AuditExportOptions): Promise<void> {
  await pipeline(auditLines(reader, options), createWriteStream(path, { flags: 'a' }))
}

async function* linesOf(items: Iterable<AuditItem> | AsyncIterable<AuditItem>, names: AuditNames) {
  for await (const item of items) yield `${JSON.stringify('lost' in item ? item : named(item, names))}\n`
}

function named(
  { atMs, thread, account, operation, rule, amount, decision, reason }: Exclude<AuditItem, { lost: number }>,
  { accounts = [], operations = [], rules = [] }: AuditNames,
) {
  const nameOf = (all: readonly string[], index: number | undefined) =>
    index === undefined ? index : (all[index] ?? index)
  return {
    at: wallTimeTextAt(atMs),
    thread,
    account: nameOf(accounts, account),
    operation: nameOf(operations, operation),
    rule: nameOf(rules, rule),
    amount,
    decision,
    reason,
  }
}
