import { setTimeout as sleep } from 'node:timers/promises'
import { describeThrown } from '../../breaker/errors.js'
import { monotonicClock } from '../../world/clock.js'
import type { BudgetLedger } from '../ledger/budget-ledger.js'
import { KeeperState } from '../ledger/grants.js'
import { DurableError } from './errors.js'
import { type KeptBudget, KeptBudgets } from './kept-budgets.js'
import type { BudgetStore, StoredAccount } from './store.js'

/**
 * Grants what may be committed, after it was written down.
 *
 * Protocol. A ledger's blocking budgets begin each period with a ceiling of 0, so nobody can commit anything. The keeper, one for a ledger, looks at
 * its accounts, again and again, and when it is asked: it writes down the ceilings that they shall have, and when that lasts, sets
 * them. A ceiling that becomes lower is set first, and written later. With each account goes what is known to be spent.
 *
 * Why safe. At any moment, what is committed of a budget's period ≤ its ceiling in memory ≤ its ceiling in the store. The first holds because the
 * ledger keeps it, and a ceiling is set only if no more than that is committed (`KeptAccount`). The second holds because a ceiling is raised after it
 * was written and before anything else is. So after a crash at any moment the store's ceiling covers all that was spent. A new period begins in
 * shared memory only when its first ceiling is set, for without one nothing fits; until then settlements count in the old one. So what is
 * reserved over the turn is covered by that ceiling too.
 *
 * Breaks if a ceiling is set before the store has said that it lasts, if it is set though more is committed, or if it is written lower than it is.
 *
 * Limits. Budgets that don't block have no ceilings: after a crash what was last written counts. What was spent beyond all permission (overrun) is
 * covered later as far as there is room, and written then.
 */
export interface KeeperOptions {
  readonly budgets: readonly KeptBudget[]
  readonly lookMs: number
  readonly checkpointMs: number
  readonly onState: (state: 'granting' | 'failing' | 'closed', error?: DurableError) => void
}

/** Accounts that are looked at in one turn without being asked, so that many of them don't hold up the thread. */
const LOOKED_AT_MAX = 256
/** How long after a failure the store is tried again. */
const RETRY_MS = 1_000
/** How often is looked whether what is reserved was settled, while closing. */
const SETTLING_MS = 10

export class Keeper {
  readonly #kept = new Map<string, KeptBudgets>()
  readonly #earlier: Map<string, StoredAccount>
  #state: 'granting' | 'failing' | 'closed' = 'granting'
  /** Turns follow one another. */
  #turn: Promise<unknown> = Promise.resolve()
  #next = 0
  readonly #stopping = new AbortController()
  #running: Promise<void> = Promise.resolve()

  constructor(
    private readonly ledger: BudgetLedger,
    private readonly store: BudgetStore,
    stored: readonly StoredAccount[],
    private readonly options: KeeperOptions,
  ) {
    this.#earlier = new Map(stored.map((account) => [account.key, account]))
  }

  get state(): 'granting' | 'failing' | 'closed' {
    return this.#state
  }

  /** Accounts of earlier processes that nobody has opened yet. */
  get unopened(): Iterable<StoredAccount> {
    return this.#earlier.values()
  }

  get kept(): Iterable<KeptBudgets> {
    return this.#kept.values()
  }

  start(): void {
    this.ledger.grants.tell(KeeperState.granting)
    this.#running = this.#run()
  }

  /** Looks at all accounts that are new or were asked for, and at some others. Rejects with a `DurableError` if the store can't be written. */
  look(): Promise<void> {
    return this.#inTurn(() => this.#look())
  }

  /** One account, known to the keeper from now on. */
  keep(key: string): KeptBudgets {
    let kept = this.#kept.get(key)
    if (!kept) {
      kept = new KeptBudgets(
        this.ledger.kept(key),
        this.options.budgets,
        this.#earlier.get(key),
        this.ledger.clock.nowMs(),
      )
      this.#earlier.delete(key)
      this.#kept.set(key, kept)
    }
    return kept
  }

  /** Writes down an account as it is. */
  note(kept: KeptBudgets): Promise<void> {
    return this.#inTurn(() => this.#write(new Map([[kept, kept.stored(kept.account.read(), new Map(), false)]])))
  }

  /** Stops granting, waits at most `limitMs` for what is reserved to be settled, and writes down what is left. */
  async close(limitMs: number): Promise<void> {
    this.#stopping.abort()
    this.ledger.grants.wakeKeeper()
    await this.#running
    this.ledger.grants.tell(KeeperState.closed)
    await this.#inTurn(() => this.#close(limitMs))
  }

  async #close(limitMs: number): Promise<void> {
    try {
      for (const key of this.ledger.keys()) this.keep(key)
      const untilMs = monotonicClock.nowMs() + limitMs
      // All are shut, and not only those before the first of which something is reserved.
      const isReserved = () => [...this.#kept.values()].filter((kept) => kept.shut()).length > 0
      while (isReserved() && monotonicClock.nowMs() < untilMs) await sleep(SETTLING_MS)
      await this.#write(
        new Map([...this.#kept.values()].map((kept) => [kept, kept.stored(kept.account.read(), new Map(), true)])),
      )
    } finally {
      await this.store.close()
      this.#enter('closed')
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const { grants } = this.ledger
      const { asked } = grants
      // What was thrown has been told, by `#write`.
      await this.look().catch(() => undefined)
      if (this.#state === 'failing')
        await sleep(RETRY_MS, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => undefined)
      else await grants.afterAsked(asked, this.options.lookMs)
    }
  }

  async #look(): Promise<void> {
    const nowMs = monotonicClock.nowMs()
    const news = new Map<KeptBudgets, StoredAccount>()
    const grants = new Map<KeptBudgets, { ceilings: Map<number, number>; periods: number[] }>()
    for (const [kept, wanted] of this.#due()) {
      const figures = kept.account.read()
      const ceilings = kept.raised(figures, wanted)
      const isLower = ceilings.size === 0 && kept.lower(figures)
      if (ceilings.size > 0) grants.set(kept, { ceilings, periods: figures.budgets.map(({ period }) => period) })
      else if (nowMs - kept.comparedMs < this.options.checkpointMs) continue
      const stored = kept.stored(isLower ? kept.account.read() : figures, ceilings, false)
      if (ceilings.size > 0 || kept.isNews(stored, nowMs)) news.set(kept, stored)
    }
    if (news.size === 0 && this.#state === 'granting') return
    await this.#write(news)
    for (const [{ account }, { ceilings, periods }] of grants) {
      // Where that fails, the period is over or more is committed: at the next look it is another ceiling.
      for (const [at, ceiling] of ceilings) account.setCeiling(at, periods[at] as number, ceiling)
    }
    if (grants.size > 0) this.ledger.grants.tell(KeeperState.granting)
  }

  /** Accounts to look at, and what was wanted of them: taken before they are read. */
  #due(): Map<KeptBudgets, number> {
    const due = new Map<KeptBudgets, number>()
    for (const key of this.ledger.keys()) {
      if (!this.#kept.has(key)) due.set(this.keep(key), 0)
    }
    const all = [...this.#kept.values()]
    for (const kept of all) {
      const wanted = this.ledger.grants.takeWanted(kept.account.index)
      if (wanted > 0) due.set(kept, wanted)
    }
    const count = Math.min(LOOKED_AT_MAX, all.length)
    for (let looked = 0; looked < count; looked++) {
      const kept = all[(this.#next + looked) % all.length] as KeptBudgets
      if (!due.has(kept)) due.set(kept, 0)
    }
    this.#next = (this.#next + count) % Math.max(1, all.length)
    return due
  }

  async #write(news: ReadonlyMap<KeptBudgets, StoredAccount>): Promise<void> {
    try {
      await this.store.write([...news.values()])
    } catch (cause) {
      const message = `spend can't be written down, and nothing is granted until it can: ${describeThrown(cause)}`
      const error =
        cause instanceof DurableError ? cause : new DurableError('ERR_JOURNAL_NOT_WRITTEN', message, { cause })
      this.#enter('failing', error)
      throw error
    }
    for (const [kept, stored] of news) kept.noteWritten(stored)
    if (!this.#stopping.signal.aborted) this.#enter('granting')
  }

  #enter(state: 'granting' | 'failing' | 'closed', error?: DurableError): void {
    if (state === this.#state && error === undefined) return
    this.#state = state
    this.ledger.grants.tell(KeeperState[state])
    try {
      this.options.onState(state, error)
    } catch (thrown) {
      process.emitWarning(`a listener for the state of durable budgets threw: ${describeThrown(thrown)}`)
    }
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }
}
