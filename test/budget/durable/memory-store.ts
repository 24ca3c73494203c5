import type { BudgetStore, StoredAccount } from '../../../src/budget/durable/store.js'

/** A store that outlives the ledgers of a test, whose writes wait and fail as the test likes. */
export class MemoryStore implements BudgetStore {
  readonly accounts = new Map<string, StoredAccount>()
  writes = 0
  isOpen = false
  error: Error | undefined
  /** A write doesn't last before this has. */
  held: Promise<void> = Promise.resolve()

  async open(): Promise<readonly StoredAccount[]> {
    this.isOpen = true
    return [...this.accounts.values()]
  }

  async write(accounts: readonly StoredAccount[]): Promise<void> {
    await this.held
    if (this.error) throw this.error
    this.writes += 1
    // As through a file.
    for (const account of structuredClone(accounts)) this.accounts.set(account.key, account)
  }

  async close(): Promise<void> {
    this.isOpen = false
  }

  /** Lets writes wait until what is returned is called. */
  hold(): () => void {
    const waiting: (() => void)[] = []
    this.held = new Promise((resolve) => waiting.push(resolve))
    return () => waiting[0]?.()
  }

  /** What it would hold had the process ended now. */
  afterCrash(): MemoryStore {
    const left = new MemoryStore()
    for (const [key, account] of structuredClone(this.accounts)) left.accounts.set(key, account)
    return left
  }
}
