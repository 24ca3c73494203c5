import { threadId } from 'node:worker_threads'
import type { Clock } from '../../world/clock.js'
import type { AuditLog } from '../audit/audit-log.js'
import type { AuditDecision, AuditReason } from '../audit/audit-record.js'
import type { PlannedCall } from './planned-call.js'

/** Writes what was decided about calls, in one thread's name. */
export class CostAudit {
  constructor(
    private readonly log: AuditLog,
    private readonly clock: Clock,
    private readonly ruleIndices: ReadonlyMap<string, number>,
  ) {}

  /** `amount`: micro-units. A call that is charged to several accounts is recorded with the first that it names. */
  write(
    call: PlannedCall | undefined,
    decision: AuditDecision,
    reason: AuditReason,
    amount: number,
    rule?: string | undefined,
  ): void {
    this.log.write({
      atMs: Math.floor(this.clock.nowMs()),
      thread: threadId,
      account: call?.accountIndex,
      operation: call?.operationIndex,
      rule: rule === undefined ? undefined : this.ruleIndices.get(rule),
      amount,
      decision,
      reason,
    })
  }
}
