import type { AtomicCells } from '../../memory/atomic-cells.js'
import type { Cells } from '../../memory/cells.js'
import type { LedgerMap } from './ledger-map.js'

/**
 * How threads that are refused for want of a grant, and the keeper who grants, speak with one another.
 *
 * Map. Of the ledger: `asked`, a count of questions; `granted`, a count of answers; `keeper`, what the keeper does. Of each account: `wanted`,
 * 0 or 1 + the power of two that holds the largest amount which was refused since the keeper last looked.
 *
 * Protocol. A thread raises `wanted` to its amount; if that changed anything, it adds to `asked` and wakes the keeper. The keeper exchanges
 * `wanted` for 0, then reads the account, grants, adds to `granted` and wakes all that wait. Who waits read `granted` before it was refused.
 *
 * Why safe. No room comes from here: a question that is lost or asked twice costs time, never money. None is lost for longer than the
 * keeper's timer: `wanted` stands until it is taken, and is taken before the account is read. A grant between refusal and wait
 * has changed `granted`, and the wait ends at once.
 *
 * Breaks if the keeper reads `asked` after it has taken `wanted`, if it tells before it has granted, or if who waits reads `granted` after it was
 * refused: `programs/ledger-grants.ts`.
 */
export const KeeperState = { none: 0, granting: 1, failing: 2, closed: 3 } as const
export type KeeperState = (typeof KeeperState)[keyof typeof KeeperState]

/** Asks for so much more. No thread waits here: a failed exchange is another's that wants more. */
export function askForGrant(cells: Cells, map: LedgerMap, account: number, amount: number): void {
  const cell = map.wanted(account)
  const power = 1 + Math.ceil(Math.log2(Math.max(1, amount)))
  for (let wanted = cells.load(cell); wanted < power; ) {
    const found = cells.compareExchange(cell, wanted, power)
    if (found === wanted) {
      cells.add(map.asked, 1)
      cells.notify(map.asked, 1)
      return
    }
    wanted = found
  }
}

/** Both ends of it, in one thread. */
export class Grants {
  constructor(
    private readonly cells: AtomicCells,
    private readonly map: LedgerMap,
  ) {}

  get keeper(): KeeperState {
    return this.cells.load(this.map.keeper) as KeeperState
  }

  get granted(): number {
    return this.cells.load(this.map.granted)
  }

  /** Resolves at the first grant since `granted` was read, of whatever account, or after `limitMs`. Keeps no process alive. */
  async afterGrant(granted: number, limitMs: number): Promise<void> {
    await this.cells.waitAsync(this.map.granted, granted, limitMs)
  }

  get asked(): number {
    return this.cells.load(this.map.asked)
  }

  /** Resolves when somebody has asked since `asked` was read, or after `limitMs`. Keeps no process alive. */
  async afterAsked(asked: number, limitMs: number): Promise<void> {
    await this.cells.waitAsync(this.map.asked, asked, limitMs)
  }

  /** Wakes who waits in `afterAsked`. */
  wakeKeeper(): void {
    this.cells.add(this.map.asked, 1)
    this.cells.notify(this.map.asked, 1)
  }

  /** The largest amount that was wanted of the account, rounded up to a power of two, and 0 if none was; asked once. */
  takeWanted(account: number): number {
    const cell = this.map.wanted(account)
    if (this.cells.load(cell) === 0) return 0
    return 2 ** (this.cells.exchange(cell, 0) - 1)
  }

  /** Says what the keeper does, and wakes all that wait for it. */
  tell(state: KeeperState): void {
    this.cells.store(this.map.keeper, state)
    this.cells.add(this.map.granted, 1)
    this.cells.notify(this.map.granted, Number.POSITIVE_INFINITY)
  }
}
