import { AtomicCells } from '../memory/atomic-cells.js'
import { CELLS_PER_LINE } from '../memory/layout.js'
import { type SpendingPlan, type SpentBudget, spendingAccounts } from '../spending.js'
import type { AccountUnderTest, Hold, LedgerUnderTest } from './ledger-under-test.js'

/**
 * Budgets as the original keeps them: what was spent is looked at before a call, and added to after it. Nothing is reserved.
 *
 * Map, a line for each account: the lock, 0 or whose it is; then in 64 bits what was spent, of which every budget counts the same, as no
 * period ends in the cases that it is made for.
 *
 * With its lock around all of that, calls and all, it is right as long as nobody dies within, and makes one call at a time. Without,
 * calls that look at the same moment all find room.
 */
const LOCK = 0
const SPENT = 2
/** How long a client sleeps at most before it looks again whether the run goes on. */
const LOOK_EVERY_MS = 20
const HELD: Hold = 1

export class OriginalLedger implements LedgerUnderTest {
  readonly handle
  readonly #cells: AtomicCells

  constructor(
    kind: 'one-lock' | 'check-then-spend',
    buffer: SharedArrayBuffer,
    private readonly plan: SpendingPlan,
  ) {
    this.handle = { kind, buffer }
    this.#cells = new AtomicCells(buffer)
  }

  static create(kind: 'one-lock' | 'check-then-spend', plan: SpendingPlan): OriginalLedger {
    const { buffer } = AtomicCells.allocate(spendingAccounts.length * CELLS_PER_LINE)
    return new OriginalLedger(kind, buffer, plan)
  }

  account(index: number): AccountUnderTest {
    const account = new OriginalAccount(this.#cells, index * CELLS_PER_LINE, this.plan)
    return this.handle.kind === 'one-lock' ? new LockedAccount(account, this.#cells, index * CELLS_PER_LINE) : account
  }

  expire(): void {}

  detach(): void {}
}

class OriginalAccount implements AccountUnderTest {
  readonly #least: number

  constructor(
    private readonly cells: AtomicCells,
    private readonly line: number,
    private readonly plan: SpendingPlan,
  ) {
    this.#least = Math.min(...plan.budgets.map(({ limit }) => limit))
  }

  reserve(amount: number): Hold {
    return this.#spent() + amount > this.#least ? 0 : HELD
  }

  settle(_hold: Hold, actual: number) {
    this.cells.add64(this.line + SPENT, BigInt(actual))
    return { inTime: true, overrun: 0 }
  }

  release(): boolean {
    return true
  }

  status() {
    const spent = this.#spent()
    const budgets = this.plan.budgets.map(({ name, limit }): SpentBudget => {
      return { name, limit, period: 0, committed: spent, reserved: 0, spent, overrun: 0 }
    })
    return { total: spent, budgets }
  }

  #spent(): number {
    return Number(this.cells.load64(this.line + SPENT))
  }
}

class LockedAccount implements AccountUnderTest {
  constructor(
    private readonly account: OriginalAccount,
    private readonly cells: AtomicCells,
    private readonly line: number,
  ) {}

  async reserve(amount: number, goesOn: () => boolean): Promise<Hold | undefined> {
    while (this.cells.compareExchange(this.line + LOCK, 0, 1) !== 0) {
      if (!goesOn()) return undefined
      await this.cells.waitAsync(this.line + LOCK, 1, LOOK_EVERY_MS)
    }
    const hold = this.account.reserve(amount)
    if (hold === 0) this.#unlock()
    return hold
  }

  settle(hold: Hold, actual: number) {
    const settlement = this.account.settle(hold, actual)
    this.#unlock()
    return settlement
  }

  release(): boolean {
    this.#unlock()
    return true
  }

  status() {
    return this.account.status()
  }

  #unlock(): void {
    this.cells.store(this.line + LOCK, 0)
    this.cells.notify(this.line + LOCK, 1)
  }
}
