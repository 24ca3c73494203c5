import { ConfigurationError } from '../../breaker/errors.js'
import { type CostEstimator, UnknownOperationError } from '../estimator/estimator.js'
import type { BudgetAccount } from '../ledger/budget-account.js'
import type { BudgetLedger } from '../ledger/budget-ledger.js'
import { checkAmount } from '../ledger/errors.js'
import type { CostRequest, ResolvedCosts } from './options.js'
import { checkAccounts } from './resolve-options.js'

/** A request with all that follows from it. */
export interface PlannedCall {
  readonly request: CostRequest
  readonly operationIndex: number
  /** Of the first account that it names or has by default; undefined if it has none but the common budgets. */
  readonly accountIndex: number | undefined
  /** Micro-units. */
  readonly estimate: number
  /** All that it is charged to, the common budgets first: where those have no room, no account's opening is needed. */
  readonly accounts: readonly BudgetAccount[]
}

/** Makes plans of requests. Nothing is decided or taken here. */
export class Planner {
  readonly #operations: ReadonlyMap<string, number>
  #defaults: readonly BudgetAccount[] | undefined

  constructor(
    private readonly settings: ResolvedCosts,
    private readonly estimator: CostEstimator,
    private readonly ledger: BudgetLedger,
    private readonly common: BudgetAccount | undefined,
  ) {
    this.#operations = new Map(settings.estimator.operations.map(({ name }, index) => [name, index]))
  }

  /** Throws an `UnknownOperationError`, a `ConfigurationError`, a `RangeError` for tokens, or a `LedgerError` if an account has no room. */
  plan(request: CostRequest): PlannedCall {
    const operationIndex = this.#operations.get(request.operation)
    if (operationIndex === undefined) throw new UnknownOperationError(request.operation)
    const { cost } = request
    if (cost !== undefined) checkAmount('cost', cost)
    const named = this.#namedBy(request)
    const accounts = named ? this.#accountsOf(named) : this.defaults()
    return {
      request,
      operationIndex,
      estimate: cost ?? this.estimator.estimate(request).amount,
      accounts,
      accountIndex: accounts[this.common ? 1 : 0]?.index,
    }
  }

  /** The accounts of a call that names none. */
  defaults(): readonly BudgetAccount[] {
    this.#defaults ??= this.#accountsOf(this.settings.accounts)
    return this.#defaults
  }

  /** What calls of these accounts are charged to. */
  accountsOf(keys: readonly string[]): readonly BudgetAccount[] {
    checkAccounts(keys)
    return this.#accountsOf(keys)
  }

  #namedBy({ account, accounts }: CostRequest): readonly string[] | undefined {
    if (account !== undefined && accounts !== undefined) {
      throw new ConfigurationError('accounts', accounts, 'undefined beside account')
    }
    const named = accounts ?? (account === undefined ? undefined : [account])
    if (named === undefined) return undefined
    checkAccounts(named)
    if (named.length > 0 || this.common) return named
    throw new ConfigurationError('accounts', named, 'at least one, as there are no common budgets')
  }

  #accountsOf(keys: readonly string[]): readonly BudgetAccount[] {
    const accounts = keys.map((key) => this.ledger.account(key))
    return this.common ? [this.common, ...accounts] : accounts
  }
}
