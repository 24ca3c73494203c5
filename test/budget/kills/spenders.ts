import { once } from 'node:events'
import { setTimeout as after } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { BudgetLedger } from '../../../src/budget.js'
import type { Sampled } from './sampling-thread.js'
import type { Spending } from './spending-thread.js'
import { accountKeys, Count, type Counts, Long, SharedClock, Tally, Word } from './tally.js'

const THREADS = 8
const RESERVATION_MS = 60_000
const UNTIL_KILL_MS = 20
/** How long the threads may take before the test says that one hangs. */
const HANGS_MS = 120_000
/** A day before the clocks of Berlin are put forward. */
const START_MS = Date.UTC(2026, 2, 28, 12)
const HOUR_MS = 3_600_000
/** Some 10,000 calls an hour; sixteen hours of that a day. */
const PER_HOUR = 5_000_000_000

export interface Run {
  readonly pairs: number
  readonly kills: number
  readonly seed: number
}

export interface Outcome extends Counts {
  /** Threads that died with a settlement begun; and how many of these settlements the ledger had taken. */
  readonly diedSettling: number
  readonly took: number
  /** How often all stood still and the sums were compared; zero tolerance. */
  readonly comparisons: number
  readonly sampled: Sampled
  readonly virtualDays: number
  readonly wrong: readonly string[]
}

/** Threads that spend from one ledger while some are terminated, at random moments, and others take their place. */
export class Spenders {
  readonly #tally: Tally
  readonly #clock: SharedClock
  readonly #ledger: BudgetLedger
  /** By their rows. */
  readonly #alive = new Map<number, Worker>()
  readonly #dead: number[] = []
  readonly #wrong: string[] = []
  #failure: unknown
  #rows = 0
  #diedSettling = 0
  #took = 0
  #comparisons = 0
  #state: number

  constructor(private readonly run: Run) {
    this.#state = run.seed | 1
    this.#tally = Tally.create(THREADS + run.kills)
    const { longs } = this.#tally.handle
    Atomics.store(longs, Long.clock, BigInt(START_MS))
    this.#clock = new SharedClock(longs)
    this.#ledger = BudgetLedger.create(
      {
        accounts: accountKeys.length,
        maxThreads: 32,
        reservationMs: RESERVATION_MS,
        reservationsPerThread: 16,
        budgets: [
          { per: 'minute', window: 'sliding', buckets: 6, limit: PER_HOUR },
          { per: 'hour', limit: PER_HOUR },
          { per: 'day', limit: PER_HOUR * 16, timeZone: 'Europe/Berlin' },
          { per: 'month', limit: PER_HOUR, blocking: false },
          { per: 'total', limit: Number.MAX_SAFE_INTEGER },
        ],
      },
      { clock: this.#clock },
    )
  }

  async toTheEnd(): Promise<Outcome> {
    const { handle } = this.#tally
    const sampler = new Worker(new URL('./sampling-thread.js', import.meta.url), {
      workerData: { ledger: this.#ledger.handle, handle },
    })
    const sampled = once(sampler, 'message')
    try {
      while (this.#alive.size < THREADS) this.#start()
      for (let killed = 0; killed < this.run.kills; ) {
        await this.#until(() => this.#pairs() >= (this.run.pairs * killed) / this.run.kills)
        await after(this.#random(UNTIL_KILL_MS))
        const together = Math.min(this.run.kills - killed, 1 + this.#random(3))
        await Promise.all(Array.from({ length: together }, () => this.#killOne()))
        killed += together
        await this.#compare(killed % 4 === 0)
        while (this.#alive.size < THREADS) this.#start()
      }
      await this.#until(() => this.#pairs() >= this.run.pairs)
      await this.#compare(true)
      Atomics.store(handle.words, Word.stop, 1)
      const told = (await sampled)[0] as Sampled
      return {
        ...this.#tally.all(),
        diedSettling: this.#diedSettling,
        took: this.#took,
        comparisons: this.#comparisons,
        sampled: told,
        virtualDays: Math.floor((this.#clock.nowMs() - START_MS) / (24 * HOUR_MS)),
        wrong: [...this.#wrong, ...told.wrong],
      }
    } finally {
      Atomics.store(handle.words, Word.stop, 1)
      this.#unpause()
      await Promise.all([sampler, ...this.#alive.values()].map((worker) => worker.terminate()))
      this.#ledger.detach()
    }
  }

  #pairs(): number {
    return this.#tally.counted(Count.pairs)
  }

  #start(): void {
    const row = this.#rows++
    const workerData: Spending = {
      ledger: this.#ledger.handle,
      handle: this.#tally.handle,
      row,
      seed: this.run.seed + row * 7919,
    }
    const worker = new Worker(new URL('./spending-thread.js', import.meta.url), { workerData })
    worker.once('error', (error) => {
      this.#failure = error
    })
    this.#alive.set(row, worker)
  }

  /** One that is at work, mostly: a thread may die in its first moments too. */
  async #killOne(): Promise<void> {
    const rows = [...this.#alive.keys()]
    const busy = rows.filter((row) => this.#tally.counted(Count.pairs, row) > 0)
    const among = busy.length > 0 && this.#random(8) > 0 ? busy : rows
    const row = among[this.#random(among.length)] as number
    const worker = this.#alive.get(row) as Worker
    this.#alive.delete(row)
    const exited = once(worker, 'exit')
    await worker.terminate()
    await exited
    this.#dead.push(row)
  }

  /**
   * Has all threads stand still, and compares what they told with what the ledger says. Where some have died since the last time, the
   * ledger must have taken of their last settlements just some, each whole or not at all.
   */
  async #compare(expire: boolean): Promise<void> {
    const { words } = this.#tally.handle
    Atomics.store(words, Word.pause, 1)
    await this.#until(() => Atomics.load(words, Word.parked) === this.#alive.size)
    for (const [index, key] of accountKeys.entries()) {
      const { total } = this.#ledger.account(key).status()
      const begun = this.#dead.flatMap((row) => {
        const { settled, about } = this.#tally.sums(row, index)
        return about > settled ? [{ row, amount: about - settled }] : []
      })
      const missing = total - this.#tally.settled(index)
      const took = subsetOf(begun, missing)
      if (!took) {
        this.#wrong.push(`account "${key}": ${missing} of ${JSON.stringify(begun)}`)
        continue
      }
      this.#diedSettling += begun.length
      this.#took += took.length
      for (const one of begun) this.#tally.decide(one.row, index, took.includes(one))
    }
    this.#dead.length = 0
    this.#comparisons += 1
    if (expire) this.#expire()
    this.#unpause()
  }

  /** Afterwards nothing is reserved, whoever held it. */
  #expire(): void {
    this.#clock.pass(RESERVATION_MS + 64)
    this.#ledger.expire()
    for (const key of accountKeys) {
      for (const { name, reserved } of this.#ledger.account(key).status().budgets) {
        if (reserved !== 0) this.#wrong.push(`account "${key}", ${name}: ${reserved} reserved by nobody`)
      }
    }
  }

  #unpause(): void {
    const { words } = this.#tally.handle
    Atomics.store(words, Word.parked, 0)
    Atomics.store(words, Word.pause, 0)
    Atomics.notify(words, Word.pause)
  }

  async #until(holds: () => boolean): Promise<void> {
    const giveUpMs = performance.now() + HANGS_MS
    let pairs = this.#pairs()
    for (let looks = 0; !holds(); looks++) {
      if (this.#failure) throw this.#failure
      if (performance.now() > giveUpMs && this.#pairs() === pairs) throw new Error('a thread hangs')
      if (looks % 1000 === 0) pairs = this.#pairs()
      await after(2)
    }
  }

  #random(below: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % below
  }
}

/** Those of a few whose amounts come to just so much; undefined if none do. */
export function subsetOf<Item extends { readonly amount: number }>(
  items: readonly Item[],
  sum: number,
): readonly Item[] | undefined {
  if (sum === 0) return []
  const [first, ...others] = items
  if (!first) return undefined
  const without = subsetOf(others, sum)
  if (without) return without
  const rest = subsetOf(others, sum - first.amount)
  return rest && [first, ...rest]
}
