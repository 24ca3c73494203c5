import type { StoredAccount } from '../../../src/budget/durable/store.js'

/** An account in its `version`-th state. */
export function storedAccount(key: string, version: number): StoredAccount {
  const budget = { name: 'day', kind: 'k', period: 20_000, ceiling: version * 10, parts: [[20_000, version]] as const }
  return { key, closed: false, total: version, budgets: [{ ...budget, open: [], overrun: 0 }] }
}
