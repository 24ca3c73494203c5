import type { Cells } from '../memory/cells.js'
import { CELLS_PER_LINE, Layout } from '../memory/layout.js'
import { type SpendingCounts, type SpendingThread, spendingAccounts } from '../spending.js'

/**
 * What threads themselves wrote down of what they spent, to hold a ledger against.
 *
 * Map. A row for each worker task and account, two lines that the task's thread alone writes: on the first sums, in 64 bits; on the second
 * counts. Of each sum that a ledger must agree with there are two: what has been done, and what that comes to with the step
 * that is about to be done.
 *
 * Protocol. Before a step the second sum; the step; the first sum. So what a ledger took of a thread, also of one that died, is one of
 * the two. Both only grow: what a ledger says at one moment lies between the firsts that were read before and the seconds that are read after.
 *
 * Limits. A thread that spends 2⁵³ micro-units.
 */
const Sum = {
  spentDone: 0,
  spentAbout: 2,
  /** Reserved, and what settlements took beyond. */
  takenDone: 4,
  takenAbout: 6,
  /** Given back: by release, or as the call cost less than was reserved. */
  backDone: 8,
  backAbout: 10,
  overrun: 12,
  refusedCost: 14,
} as const
const Count = { allowed: 0, refused: 1, settled: 2, released: 3, late: 4, refusedEarly: 5 } as const
const CELLS_A_ROW = 2 * CELLS_PER_LINE

const countNames = Object.keys(Count) as (keyof typeof Count)[]

export class SpendingTally {
  constructor(
    private readonly cells: Cells,
    private readonly first: number,
    readonly tasks: number,
  ) {}

  static size(tasks: number): number {
    const layout = new Layout()
    layout.lineOf(tasks * spendingAccounts.length * CELLS_A_ROW)
    return layout.size
  }

  row(task: number, account: number): TallyRow {
    return new TallyRow(this.cells, this.first + (task * spendingAccounts.length + account) * CELLS_A_ROW)
  }

  /** What is committed of an account at least, if nothing expires: ask for `back` after whatever it is compared with, for `taken` before. */
  taken(account: number): number {
    return this.#sum(account, Sum.takenDone)
  }

  takenMost(account: number): number {
    return this.#sum(account, Sum.takenAbout)
  }

  back(account: number): number {
    return this.#sum(account, Sum.backDone)
  }

  backMost(account: number): number {
    return this.#sum(account, Sum.backAbout)
  }

  spent(account: number): number {
    return this.#sum(account, Sum.spentDone)
  }

  spentMost(account: number): number {
    return this.#sum(account, Sum.spentAbout)
  }

  refusedCost(account: number): number {
    return this.#sum(account, Sum.refusedCost)
  }

  thread(task: number, account: number): SpendingThread {
    return { worker: task, ...this.row(task, account).told() }
  }

  #sum(account: number, field: number): number {
    let sum = 0
    for (let task = 0; task < this.tasks; task += 1) sum += this.row(task, account).sum(field)
    return sum
  }
}

/** One task's part of an account. */
export class TallyRow {
  constructor(
    private readonly cells: Cells,
    private readonly first: number,
  ) {}

  /** About to reserve so much. */
  reserving(amount: number): void {
    this.#add(Sum.takenAbout, amount)
  }

  reserved(amount: number): void {
    this.#add(Sum.takenDone, amount)
    this.#count(Count.allowed)
  }

  /** Nothing was reserved: what was about to be is taken back, and it is told whether it should have been. */
  refused(amount: number, cost: number, isEarly: boolean): void {
    this.#add(Sum.takenAbout, -amount)
    this.#add(Sum.refusedCost, cost)
    this.#count(Count.refused)
    if (isEarly) this.#count(Count.refusedEarly)
  }

  /** Nobody answered. */
  withdrawn(amount: number): void {
    this.#add(Sum.takenAbout, -amount)
  }

  /** About to end a reservation, having spent so much. */
  settling(reserved: number, actual: number): void {
    this.#add(Sum.spentAbout, actual)
    if (actual > reserved) this.#add(Sum.takenAbout, actual - reserved)
    else this.#add(Sum.backAbout, reserved - actual)
  }

  settled(reserved: number, actual: number, { inTime, overrun }: { inTime: boolean; overrun: number }): void {
    this.#add(Sum.spentDone, actual)
    this.#add(Sum.overrun, overrun)
    // What nobody had room for is not committed; of it the sums about to be keep their claim, as their bound may be wide.
    if (actual > reserved) this.#add(Sum.takenDone, actual - reserved - overrun)
    else this.#add(Sum.backDone, reserved - actual)
    this.#count(Count.settled)
    if (!inTime) this.#count(Count.late)
  }

  releasing(reserved: number): void {
    this.#add(Sum.backAbout, reserved)
  }

  released(reserved: number, inTime: boolean): void {
    this.#add(Sum.backDone, reserved)
    this.#count(Count.released)
    if (!inTime) this.#count(Count.late)
  }

  sum(field: number): number {
    return Number(this.cells.load64(this.first + field))
  }

  told(): Omit<SpendingThread, 'worker'> {
    const counts = Object.fromEntries(countNames.map((name) => [name, this.#read(Count[name])]))
    const { allowed, settled, released, ...rest } = counts as unknown as SpendingCounts
    return {
      allowed,
      settled,
      released,
      ...rest,
      spent: this.sum(Sum.spentDone),
      spentMost: this.sum(Sum.spentAbout),
      overrun: this.sum(Sum.overrun),
      open: allowed - settled - released,
    }
  }

  #add(field: number, amount: number): void {
    if (amount !== 0) this.cells.add64(this.first + field, BigInt(amount))
  }

  #count(field: number): void {
    this.cells.add(this.first + CELLS_PER_LINE + field, 1)
  }

  #read(field: number): number {
    return this.cells.load(this.first + CELLS_PER_LINE + field)
  }
}

/** What several threads come to together. */
export function addCounts(threads: readonly SpendingCounts[]): SpendingCounts {
  const sum = (name: keyof SpendingCounts) => threads.reduce((all, thread) => all + thread[name], 0)
  const entries = countNames.map((name) => [name, sum(name)])
  return Object.fromEntries(entries) as unknown as SpendingCounts
}
