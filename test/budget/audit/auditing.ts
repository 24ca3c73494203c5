import { AuditLog } from '../../../src/budget/audit/audit-log.js'
import { AuditMap, initializeAudit } from '../../../src/budget/audit/audit-map.js'
import type { AuditItem } from '../../../src/budget/audit/audit-reader.js'
import type { AuditRecord } from '../../../src/budget/audit/audit-record.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'

export interface Audit {
  readonly cells: AtomicCells
  readonly map: AuditMap
  readonly log: AuditLog
}

export function newAudit(capacity: number): Audit {
  const map = new AuditMap(0, capacity)
  const cells = AtomicCells.allocate(map.end)
  initializeAudit(cells, map)
  return { cells, map, log: new AuditLog(cells, map) }
}

export const record = (over: Partial<AuditRecord> = {}): AuditRecord => ({
  atMs: 1_800_000_000_123,
  thread: 0,
  account: 1,
  operation: 2,
  rule: undefined,
  amount: 5_000_000_000,
  decision: 'allowed',
  reason: 'none',
  ...over,
})

/** The amounts of records, and how many were lost: −3 for three. */
export const amountsOf = (items: Iterable<AuditItem>) =>
  [...items].map((item) => ('lost' in item ? -item.lost : item.amount))
