import { ConfigurationError } from '../../breaker/errors.js'
import { LONGEST_MS, whole } from '../../breaker/resolve-options.js'
import type { BudgetAccount } from '../ledger/budget-account.js'
import { BudgetLedger, DEFAULT_ACCOUNT, type LedgerWorld } from '../ledger/budget-ledger.js'
import { checkAmount } from '../ledger/errors.js'
import type { SpentPart } from '../ledger/kept-account.js'
import type { BudgetOptions, LedgerHandle, LedgerOptions } from '../ledger/options.js'
import { periodOf } from '../period/period.js'
import { DurableError } from './errors.js'
import { Keeper } from './keeper.js'
import { type KeptBudget, keptBudget, restoredBudgets } from './kept-budgets.js'
import { type RestoredBudget, sumOf } from './restoring.js'
import type { BudgetStore, StoredAccount } from './store.js'

export type DurableState = 'granting' | 'failing' | 'closed'

export interface DurableOptions extends LedgerOptions {
  readonly budgets: readonly Omit<BudgetOptions, 'opening'>[]
  /** Where spend outlives the process: `journalFile(path)`, or one of your own. */
  readonly store: BudgetStore
  /**
   * Into how many blocks a limit is cut, from 1 to 1,000,000; default 64. A block is what is granted at a time: a crash makes about two of them count as
   * spent that may not have been, and each costs a write to the disk.
   */
  readonly blocks?: number
  /** How often the keeper looks without being asked, in milliseconds, from 1 to 60,000; default 100. */
  readonly lookMs?: number
  /** How often what was spent is written down where nothing is granted, in milliseconds, from 1 to 2,147,483,647; default 1,000. */
  readonly checkpointMs?: number
  /**
   * Is told that the store can't be written (`failing`, again at each attempt, with the error): then nothing is granted until it can; that it can again
   * (`granting`); and `closed`. Default: the error is emitted as a warning of the process.
   */
  readonly onState?: (state: DurableState, error?: DurableError) => void
}

/** What a crash left open: of `counted`, which counts as spent, `known` is known to be. Amounts are whole micro-units. */
export interface OpenLease {
  readonly account: string
  readonly budget: string
  /** When the period began; of a sliding window, its last bucket at the time of the restart. In milliseconds since 1970. */
  readonly periodStartMs: number
  readonly known: number
  readonly counted: number
}

/**
 * A ledger whose spend outlives the process, kept by the thread that opened it. Limits hold over crashes: what was granted and not settled when one came
 * counts as spent until it is resolved or its period is over.
 */
export class DurableLedger {
  readonly handle: LedgerHandle
  #closing: Promise<void> | undefined

  private constructor(
    readonly ledger: BudgetLedger,
    private readonly keeper: Keeper,
    private readonly budgets: readonly KeptBudget[],
  ) {
    this.handle = ledger.handle
  }

  /**
   * Opens the store and restores what is in it. Rejects with a `ConfigurationError`, or with a `DurableError`: if another process has it open, if it
   * is damaged, if it is of other periods, or if it can't be written.
   */
  static async open(options: DurableOptions, world: LedgerWorld = {}): Promise<DurableLedger> {
    const { store, blocks, lookMs, checkpointMs, onState, ...rest } = options
    const blockCount = whole('blocks', blocks ?? 64, 1, 1_000_000)
    const keeping = {
      lookMs: whole('lookMs', lookMs ?? 100, 1, 60_000),
      checkpointMs: whole('checkpointMs', checkpointMs ?? 1_000, 1, LONGEST_MS),
      onState: onState ?? warn,
    }
    const ledger = BudgetLedger.create({ ...rest, budgets: openedAtNothing(rest.budgets) }, world)
    const budgets = ledger.handle.ledger.budgets.map((budget) => keptBudget(budget, periodOf(budget), blockCount))
    try {
      const stored = await store.open()
      try {
        checkPeriods(budgets, stored)
        const keeper = new Keeper(ledger, store, stored, { ...keeping, budgets })
        if (rest.accounts === undefined || rest.accounts === 1) ledger.account(DEFAULT_ACCOUNT)
        await keeper.look()
        keeper.start()
        return new DurableLedger(ledger, keeper, budgets)
      } catch (error) {
        await store.close().catch(() => undefined)
        throw error
      }
    } catch (error) {
      ledger.detach()
      throw error
    }
  }

  get state(): DurableState {
    return this.keeper.state
  }

  /** This thread's end of that account, restored and with a first block granted. Rejects with a `DurableError` if that can't be written. */
  async account(key: string = DEFAULT_ACCOUNT): Promise<BudgetAccount> {
    this.#assertOpen()
    const account = this.ledger.account(key)
    await this.keeper.look()
    return account
  }

  /** What crashes have left open in periods that are not over. */
  openLeases(): OpenLease[] {
    const nowMs = this.ledger.clock.nowMs()
    const unopened = [...this.keeper.unopened].flatMap((stored) => {
      return [...restoredBudgets(this.budgets, stored, nowMs)].map(([at, left]) => this.#leaseOf(stored.key, at, left))
    })
    const kept = [...this.keeper.kept].flatMap((account) => {
      return this.budgets.map((_, at) => this.#leaseOf(account.account.key, at, account.left(at)))
    })
    return [...unopened, ...kept].filter((lease) => lease !== undefined)
  }

  /**
   * Says what was really spent of a budget in the period that a crash left open, `known` with it; at least that. What it counted above
   * that comes back. Resolves, when that is written down, with what came back: 0 if nothing is open, or the period is over.
   */
  async resolve(account: string, budget: string, actual: number): Promise<number> {
    this.#assertOpen()
    checkAmount('actual', actual)
    const at = this.budgets.findIndex(({ options }) => options.name === budget)
    if (at < 0) throw new ConfigurationError('budget', budget, 'the name of one of the budgets')
    const lease = this.openLeases().find((open) => open.account === account && open.budget === budget)
    if (!lease) return 0
    const kept = this.keeper.keep(account)
    if (actual < lease.known)
      throw new ConfigurationError('actual', actual, `at least ${lease.known}, which is known to be spent`)
    const back = kept.resolve(at, actual - lease.known)
    await this.keeper.note(kept)
    return back
  }

  /**
   * Stops granting, waits at most `limitMs` milliseconds (from 0 to 2,147,483,647, default 1,000) for what is reserved to be settled, writes down what was spent
   * and gives the store back. What is reserved even then stays open, as after a crash. Rejects with a `DurableError` if it can't be written: then all that was
   * granted stays open. Threads that are attached get no more grants.
   */
  close({ limitMs = 1_000 }: { readonly limitMs?: number } = {}): Promise<void> {
    whole('limitMs', limitMs, 0, LONGEST_MS)
    this.#closing ??= this.keeper.close(limitMs).finally(() => this.ledger.detach())
    return this.#closing
  }

  #leaseOf(account: string, at: number, left: RestoredBudget | undefined): OpenLease | undefined {
    const { options, period } = this.budgets[at] as KeptBudget
    const last = period.indexAt(this.ledger.clock.nowMs())
    const counts = ([index]: SpentPart) => index > last - period.buckets
    const open = sumOf((left?.open ?? []).filter(counts))
    if (!left || open === 0) return undefined
    const counted = sumOf(left.parts.filter(counts))
    return { account, budget: options.name, periodStartMs: period.startOf(left.period), known: counted - open, counted }
  }

  #assertOpen(): void {
    if (this.#closing) throw new DurableError('ERR_JOURNAL_CLOSED', `durable ledger "${this.ledger.name}" is closed`)
  }
}

/** Nothing may be committed before it is granted. */
function openedAtNothing(budgets: DurableOptions['budgets']): BudgetOptions[] {
  if (!Array.isArray(budgets)) return budgets as never
  return budgets.map((budget: BudgetOptions) => (budget.blocking === false ? budget : { ...budget, opening: 0 }))
}

function checkPeriods(budgets: readonly KeptBudget[], stored: readonly StoredAccount[]): void {
  for (const { options, kind } of budgets) {
    for (const account of stored) {
      const other = account.budgets.find((budget) => budget.name === options.name && budget.kind !== kind)
      if (!other) continue
      const message = `budget "${options.name}" of account "${account.key}" was written with periods ${other.kind}, and is ${kind} now: give it another name`
      throw new DurableError('ERR_OTHER_PERIODS', message)
    }
  }
}

function warn(_state: DurableState, error?: DurableError): void {
  if (error) process.emitWarning(error)
}
