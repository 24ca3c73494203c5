import type { Period } from '../../budget/period/period.js'

/** When a program begins, on the explorer's clock; a period of its lasts so long. */
export const LEDGER_START_MS = 1_000_000
export const PERIOD_MS = 64_000
export const RESERVATION_MS = 6_400

/** Of 0 buckets: one that never ends; of more than one: a window that slides. */
export function periodOf(buckets: number): Period {
  if (buckets === 0) return { buckets: 1, indexAt: () => 0, startOf: () => 0, endOf: () => Number.POSITIVE_INFINITY }
  return {
    buckets,
    indexAt: (nowMs) => Math.floor(nowMs / PERIOD_MS),
    startOf: (index) => index * PERIOD_MS,
    endOf: (index) => (index + 1) * PERIOD_MS,
  }
}
