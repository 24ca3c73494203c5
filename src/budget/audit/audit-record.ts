/** What was decided about a call, or became of its reservation; by the number, up to 15, that it has in shared memory and for ever. */
export const decisions = {
  allowed: 1,
  throttled: 2,
  refused: 3,
  /** It would have been refused, and was an emergency. */
  overridden: 4,
  alert: 5,
  /** The call ended after its reservation had expired. */
  'settled-late': 6,
  /** The reservation was given back, as nobody settled it in time. */
  expired: 7,
  /** The call ended, and cost so much. */
  settled: 8,
  /** The call ended, or was not made, and nothing of its reservation was spent. */
  released: 9,
} as const

/** Why; likewise. */
export const reasons = {
  none: 0,
  /** A budget has not enough left. */
  budget: 1,
  rule: 2,
  /** A function of the user's threw while a rule was asked. */
  'rule-error': 3,
  emergency: 4,
  /** The reservation's time was over. */
  lease: 5,
  /** The call failed. */
  failed: 6,
} as const

export type AuditDecision = keyof typeof decisions
export type AuditReason = keyof typeof reasons

/** One decision. What it is about is told by numbers, which are names where it is exported. */
export interface AuditRecord {
  /** Wall-clock milliseconds since 1970, whole. */
  readonly atMs: number
  /** Id of the thread that decided. */
  readonly thread: number
  /** Indices, from 0; undefined if there is none to tell. At most 2³¹ − 1. */
  readonly account: number | undefined
  /** At most 65,534. */
  readonly operation: number | undefined
  /** At most 254. */
  readonly rule: number | undefined
  /** Whole micro-units. */
  readonly amount: number
  readonly decision: AuditDecision
  readonly reason: AuditReason
}
