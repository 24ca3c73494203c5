import { join } from 'node:path'
import { type BudgetStore, journalFile } from '../../../src/budget.js'

export type StoreKind = 'journal' | 'sqlite'

/** A store of that kind in a folder. The database's library is loaded by those alone who ask for it. */
export async function storeOf(kind: StoreKind, folder: string): Promise<BudgetStore> {
  if (kind === 'journal') return journalFile(join(folder, 'spend.journal'), { rotateBytes: 8_192 })
  const { sqliteStore } = await import('../../../examples/sqlite-store/sqlite-store.js')
  return sqliteStore(join(folder, 'spend.db'))
}
