/** Cells that all threads of a run share. */
export const Word = { pause: 0, parked: 1, stop: 2 } as const

/** The clock of a run, and a reservation that one thread left for another to settle: 64-bit words with a line of their own. */
export const Long = { clock: 0, left: 16 } as const

/** What one thread counts, on a line that it alone writes. */
export const Count = { pairs: 0, refused: 1, released: 2, late: 3, above: 4 } as const
export type Counts = Record<keyof typeof Count, number>

const COUNTS_A_ROW = 32
const LONGS_A_ROW = 16

export const accountKeys = ['within its estimates', 'above them too'] as const

/** Every reservation that is left for others is of so much. */
export const LEFT_AMOUNT = 100_000

/** Its memory, to be sent to threads. */
export interface TallyHandle {
  readonly rows: number
  readonly words: Int32Array
  readonly longs: BigInt64Array
  readonly counts: Int32Array
  readonly sums: BigInt64Array
}

/**
 * What threads settled, told by themselves and not by the ledger.
 *
 * For each thread and account there are two sums: what it has settled, and what that will come to with the settlement that it is
 * about to make. It writes the second, settles, writes the first. So whenever it dies, what the ledger took from it is one of the
 * two; and as both only grow, what the ledger says of all at any moment lies between all firsts read before and all seconds read after.
 */
export class Tally {
  constructor(readonly handle: TallyHandle) {}

  static create(rows: number): Tally {
    const shared = (bytes: number) => new SharedArrayBuffer(bytes)
    return new Tally({
      rows,
      words: new Int32Array(shared(128)),
      longs: new BigInt64Array(shared(256)),
      counts: new Int32Array(shared(rows * COUNTS_A_ROW * 4)),
      sums: new BigInt64Array(shared(rows * LONGS_A_ROW * 8)),
    })
  }

  count(row: number, what: number): void {
    Atomics.add(this.handle.counts, row * COUNTS_A_ROW + what, 1)
  }

  /** Of one thread, or of all. */
  counted(what: number, row?: number): number {
    let sum = 0
    for (let at = row ?? 0; at <= (row ?? this.handle.rows - 1); at++) {
      sum += Atomics.load(this.handle.counts, at * COUNTS_A_ROW + what)
    }
    return sum
  }

  all(): Counts {
    const entries = Object.entries(Count).map(([name, what]) => [name, this.counted(what)])
    return Object.fromEntries(entries) as Counts
  }

  /** Says what a settlement will come to. */
  begin(row: number, account: number, actual: number): void {
    const { sums } = this.handle
    const at = place(row, account)
    Atomics.store(sums, at + 1, Atomics.load(sums, at) + BigInt(actual))
  }

  /** Says that it was made. */
  end(row: number, account: number): void {
    const { sums } = this.handle
    const at = place(row, account)
    Atomics.store(sums, at, Atomics.load(sums, at + 1))
  }

  /** What a thread settled of an account for certain, and with what it was about to. */
  sums(row: number, account: number): { settled: number; about: number } {
    const { sums } = this.handle
    const at = place(row, account)
    return { settled: Number(Atomics.load(sums, at)), about: Number(Atomics.load(sums, at + 1)) }
  }

  settled(account: number): number {
    return this.#sum(account, 0)
  }

  about(account: number): number {
    return this.#sum(account, 1)
  }

  /** Of a thread that has died: whether the ledger took what it was about to settle. */
  decide(row: number, account: number, took: boolean): void {
    const { sums } = this.handle
    const at = place(row, account)
    const from = took ? at + 1 : at
    Atomics.store(sums, took ? at : at + 1, Atomics.load(sums, from))
  }

  #sum(account: number, which: 0 | 1): number {
    let sum = 0n
    for (let row = 0; row < this.handle.rows; row++) sum += Atomics.load(this.handle.sums, place(row, account) + which)
    return Number(sum)
  }
}

function place(row: number, account: number): number {
  return row * LONGS_A_ROW + account * 2
}

/** Wall time that stands still until somebody moves it, the same for all threads. */
export class SharedClock {
  constructor(private readonly longs: BigInt64Array) {}

  nowMs(): number {
    return Number(Atomics.load(this.longs, Long.clock))
  }

  pass(durationMs: number): void {
    Atomics.add(this.longs, Long.clock, BigInt(durationMs))
  }
}
