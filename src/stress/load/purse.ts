import type { AccountUnderTest, Hold, LedgerUnderTest } from '../../spending/ledger-under-test.js'
import { attachLedger } from '../../spending/ledgers.js'
import type { SpendingTally, TallyRow } from '../../spending/tally.js'
import type { SpendingPlan } from '../../spending.js'
import { spendingAccounts } from '../../spending.js'
import { monotonicClock } from '../../world/clock.js'
import type { Random } from '../../world/random.js'
import { partSeed, seededRandom } from '../../world/seeded-random.js'
import type { Gate } from '../gate.js'
import { bucketOf } from '../histogram.js'
import { type SpendingHandle, SpendingMemory } from '../spending/spending-memory.js'

const WARM_UP = 0
const COST_SEED_PART = 2_000_003
/** The next call is taken to cost as much as the dearest of so many before it. */
const REMEMBERED = 8

/** What one call may spend. */
export interface Spending {
  readonly account: number
  readonly hold: Hold
  readonly reserved: number
  readonly actual: number
}

/** What one worker spends with: it asks before each call, pays after it, and writes down what it did. */
export class Purse {
  readonly #plan: SpendingPlan
  readonly #ledger: LedgerUnderTest
  readonly #tally: SpendingTally
  readonly #accounts: readonly AccountUnderTest[]
  readonly #rows: readonly TallyRow[]
  readonly #refusals: Uint32Array
  readonly #random: Random
  readonly #least: number
  readonly #costs: number[] = []
  readonly #slots: number
  #paid = 0
  #asked = 0

  constructor(
    plan: SpendingPlan,
    handle: SpendingHandle,
    where: { slot: number; task: number; seed: number; gate: Gate },
  ) {
    const { slot, task, seed, gate } = where
    const { buffer, tasks, slots } = handle
    const memory = new SpendingMemory(buffer, tasks, slots, plan, gate)
    this.#plan = plan
    this.#slots = slots
    this.#ledger = attachLedger(handle.ledger, plan, memory.clock)
    this.#tally = memory.tally
    this.#accounts = spendingAccounts.map((_, index) => this.#ledger.account(index))
    this.#rows = spendingAccounts.map((_, index) => memory.tally.row(task, index))
    this.#refusals = memory.histogram(slot)
    this.#random = seededRandom(partSeed(seed, COST_SEED_PART + task))
    this.#least = Math.min(...plan.budgets.map(({ limit }) => limit))
  }

  /** Asks for what a call may cost; nothing if some budget has no room, or nobody answers.. */
  async ask(account: number, sinceMs: number, goesOn: () => boolean): Promise<Spending | undefined> {
    if (account !== WARM_UP) this.#asked += 1
    const actual = this.#cost()
    const reserved = Math.max(this.#plan.estimate, ...this.#costs)
    const row = this.#rows[account] as TallyRow
    const back = this.#tally.back(account)
    row.reserving(reserved)
    const answer = (this.#accounts[account] as AccountUnderTest).reserve(reserved, goesOn)
    // A ledger that answers at once is not awaited: others would come between its answer and its being written down.
    const hold = typeof answer === 'number' ? answer : await answer
    if (hold === undefined) {
      row.withdrawn(reserved)
      return undefined
    }
    if (hold !== 0) {
      row.reserved(reserved)
      return { account, hold, reserved, actual }
    }
    // All that may have been committed at some moment since the question, this call's own claim included.
    const most = this.#tally.takenMost(account) - back
    row.refused(reserved, actual, most <= this.#least)
    this.#noteRefusal(monotonicClock.nowMs() - sinceMs)
    return undefined
  }

  /** The call was made. */
  pay({ account, hold, reserved, actual }: Spending): void {
    const row = this.#rows[account] as TallyRow
    row.settling(reserved, actual)
    row.settled(reserved, actual, (this.#accounts[account] as AccountUnderTest).settle(hold, actual))
    this.#costs[this.#paid++ % REMEMBERED] = actual
  }

  /** It was not, or failed. */
  giveBack({ account, hold, reserved }: Spending): void {
    const row = this.#rows[account] as TallyRow
    row.releasing(reserved)
    row.released(reserved, (this.#accounts[account] as AccountUnderTest).release(hold))
  }

  detach(): void {
    this.#ledger.detach()
  }

  #noteRefusal(latencyMs: number): void {
    const bucket = bucketOf(Math.round(latencyMs * 1000))
    this.#refusals[bucket] = (this.#refusals[bucket] as number) + 1
  }

  #cost(): number {
    const { cost, prices } = this.#plan
    const factor = prices.findLast(({ fromCall }) => this.#asked * this.#slots > fromCall)?.factor ?? 1
    return Math.round((cost.min + this.#random.next() * (cost.max - cost.min)) * factor)
  }
}
