/**
 * Durable budgets in a SQLite database instead of a journal: a `BudgetStore` of one table.
 *
 *     npm install libsql
 *
 *     const durable = await DurableLedger.open({ budgets: [{ per: 'day', limit: 100_000_000 }], store: sqliteStore('spend.db') })
 *
 * Copy this file, or write its like for the database that you have: the table is all there is to it. What a store must do is written at
 * `BudgetStore`: say that something is written when it lasts, and keep other processes out.
 *
 * Why libsql: it has better-sqlite3's interface, comes compiled from the npm registry, and runs on Node 20. better-sqlite3 13 wants Node 22. sql.js keeps the
 * database in memory and writes it out whole. node-sqlite3-wasm locks by making a folder, so after a crash the database stays locked for ever; here the system lets
 * go of the lock when the process is gone. Its calls block the thread while the disk syncs, a few milliseconds each: open the ledger in a thread that
 * bears it, or use a database with an asynchronous driver.
 */
import Database from 'libsql'
// In your own code: from 'busbar/budget'
import { type BudgetStore, DurableError, type StoredAccount } from '../../src/budget.js'

const TABLE = 'CREATE TABLE IF NOT EXISTS busbar_accounts (key TEXT PRIMARY KEY, account TEXT NOT NULL) WITHOUT ROWID'

/** A store in the database of that file, which no other process may have open meanwhile. */
export function sqliteStore(file: string): BudgetStore {
  return new SqliteStore(file)
}

class SqliteStore implements BudgetStore {
  #database: Database.Database | undefined

  constructor(private readonly file: string) {}

  async open(): Promise<readonly StoredAccount[]> {
    // A process that finds the database locked is told so, and doesn't wait.
    const database = new Database(this.file, { timeout: 0 })
    try {
      // Once it has the lock it keeps it, to the end of the process.
      database.exec('PRAGMA locking_mode = EXCLUSIVE')
      // With the folder: else a crash could bring back the journal of a transaction that was committed, and undo it.
      database.exec('PRAGMA synchronous = EXTRA')
      database.exec(`BEGIN EXCLUSIVE; ${TABLE}; COMMIT`)
      const rows = database.prepare('SELECT account FROM busbar_accounts').all() as { account: string }[]
      this.#database = database
      return rows.map(({ account }) => JSON.parse(account) as StoredAccount)
    } catch (cause) {
      database.close()
      throw isBusy(cause)
        ? new DurableError('ERR_JOURNAL_LOCKED', `another process has ${this.file} open`, { cause })
        : cause
    }
  }

  async write(accounts: readonly StoredAccount[]): Promise<void> {
    const database = this.#database
    if (!database) throw new DurableError('ERR_JOURNAL_CLOSED', `${this.file} is not open`)
    database.exec('BEGIN IMMEDIATE')
    try {
      const put = database.prepare('INSERT OR REPLACE INTO busbar_accounts VALUES (?, ?)')
      for (const account of accounts) put.run(account.key, JSON.stringify(account))
      database.exec('COMMIT')
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK')
      throw error
    }
  }

  async close(): Promise<void> {
    const database = this.#database
    this.#database = undefined
    // To close it doesn't let go of the lock while a statement waits to be collected; to read without exclusiveness does.
    database?.exec('PRAGMA locking_mode = NORMAL; SELECT 1 FROM busbar_accounts LIMIT 1')
    database?.close()
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')
}
