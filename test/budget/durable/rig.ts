import { setTimeout as sleep } from 'node:timers/promises'
import { DurableLedger, type DurableOptions } from '../../../src/budget/durable/durable-ledger.js'
import type { BudgetStatus } from '../../../src/budget/ledger/budget-account.js'

export const NOON = Date.UTC(2027, 2, 14, 12)
export const HOUR_MS = 3_600_000

/** A wall clock that the test sets. */
export class SetClock {
  constructor(public atMs = NOON) {}

  nowMs(): number {
    return this.atMs
  }
}

const opened: DurableLedger[] = []

/** A ledger with a limit of 1,000 per day in blocks of 100, unless said otherwise. */
export async function openLedger(
  options: Partial<DurableOptions> & Pick<DurableOptions, 'store'>,
  clock = new SetClock(),
) {
  const defaults = {
    budgets: [{ per: 'day', limit: 1000 }] as const,
    blocks: 10,
    lookMs: 5,
    checkpointMs: 1,
    maxThreads: 4,
  }
  const durable = await DurableLedger.open({ ...defaults, ...options }, { clock })
  opened.push(durable)
  return durable
}

/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((durable) => durable.close({ limitMs: 0 }).catch(() => undefined)))
}

export function budgetOf(durable: DurableLedger, key?: string, at = 0): BudgetStatus {
  return durable.ledger.account(key).status().budgets[at] as BudgetStatus
}

/** Waits until it is so; at most five seconds. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let waitedMs = 0; !isSo(); waitedMs += 2) {
    if (waitedMs > 5_000) throw new Error('it did not become so within five seconds')
    await sleep(2)
  }
}
