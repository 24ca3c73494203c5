import type { Plan } from '../../plan.js'
import type { AccountUnderTest, LedgerUnderTest } from '../../spending/ledger-under-test.js'
import { createLedger } from '../../spending/ledgers.js'
import { contradicts } from '../../spending/samples.js'
import { addCounts } from '../../spending/tally.js'
import {
  type SpendingAccount,
  type SpendingEvidence,
  type SpendingPlan,
  type SpendingSample,
  spendingAccounts,
} from '../../spending.js'
import { inFlightMax } from '../../stage-load.js'
import type { Arena } from '../arena.js'
import type { Member } from '../crew.js'
import { summarize } from '../latency.js'
import { type SpendingHandle, SpendingMemory } from './spending-memory.js'

const LOOK_EVERY_MS = 10
/** Of each account; at so many every other one goes, and the interval doubles. */
const SAMPLES_MAX = 400
const CONTRADICTIONS_MAX = 50
/** No plan lasts so long, and no call. */
const LASTS_MS = 86_400_000

/** The coordinator's part of a run whose calls cost money: makes the ledger, sets the clock, looks at it all the time. */
export class Spending {
  readonly handle: SpendingHandle
  readonly #accounts: readonly WatchedAccount[]
  #timer: NodeJS.Timeout | undefined
  #hops = 0

  private constructor(
    private readonly plan: SpendingPlan,
    private readonly ledger: LedgerUnderTest,
    private readonly memory: SpendingMemory,
    private readonly arena: Arena,
    private readonly mayExpire: boolean,
  ) {
    const { buffer, tally } = memory
    this.handle = { buffer, tasks: tally.tasks, slots: arena.shape.slots, ledger: ledger.handle }
    this.#accounts = spendingAccounts.map(
      (key, index) =>
        new WatchedAccount(key, index, ledger.account(index), memory, !mayExpire && plan.hops.length === 0),
    )
  }

  static open(plan: Plan, spending: SpendingPlan, arena: Arena): Spending {
    const { slots, journals } = arena.shape
    const memory = new SpendingMemory(SpendingMemory.allocate(journals, slots), journals, slots, spending, arena.gate)
    const inFlight = Math.ceil(inFlightMax(plan) / slots)
    const ledger = createLedger(spending, { threads: slots, inFlight }, memory.clock)
    // A reservation that outlasts the run ends only by its thread's own hand.
    const mayExpire = plan.kills > 0 || spending.reservationMs < LASTS_MS
    return new Spending(spending, ledger, memory, arena, mayExpire)
  }

  watch(): void {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  close(): void {
    clearInterval(this.#timer)
    this.ledger.detach()
  }

  /** Once all threads have ended. */
  evidence(members: readonly Member[]): SpendingEvidence {
    clearInterval(this.#timer)
    const atEnd = this.#accounts.map((account) => account.sample(this.#elapsedMs()))
    if (this.mayExpire) {
      this.memory.clock.set(this.memory.clock.nowMs() + this.plan.reservationMs + 1000)
      this.ledger.expire()
    }
    const slots = Array.from({ length: this.arena.shape.slots }, (_, slot) => this.memory.histogram(slot))
    return {
      accounts: this.#accounts.map((account, index) => account.evidence(members, atEnd[index] as SpendingSample)),
      refusalLatency: summarize(slots),
      hops: this.#hops,
    }
  }

  #look(): void {
    const elapsedMs = this.arena.gate.measuredMs()
    const hop = this.plan.hops[this.#hops]
    if (hop && elapsedMs >= hop.atMs) {
      this.memory.clock.set(hop.toMs)
      this.#hops += 1
    }
    for (const account of this.#accounts) account.look(this.#elapsedMs())
  }

  #elapsedMs(): number {
    return Math.max(0, this.arena.gate.measuredMs())
  }
}

class WatchedAccount {
  readonly #samples: SpendingSample[] = []
  readonly #contradictions: SpendingSample[] = []
  #taken = 0
  #every = 1

  constructor(
    private readonly key: (typeof spendingAccounts)[number],
    private readonly index: number,
    private readonly account: AccountUnderTest,
    private readonly memory: SpendingMemory,
    /** What was reserved stays so until it is ended, and no period ends. */
    private readonly isLasting: boolean,
  ) {}

  look(atMs: number): void {
    const sample = this.sample(atMs)
    this.#taken += 1
    if (contradicts(sample)) {
      if (this.#contradictions.length < CONTRADICTIONS_MAX) this.#contradictions.push(sample)
      return
    }
    if (this.#taken % this.#every === 0) this.#samples.push(sample)
    if (this.#samples.length < SAMPLES_MAX) return
    this.#every *= 2
    const kept = this.#samples.filter((_, index) => index % 2 === 0)
    this.#samples.length = 0
    this.#samples.push(...kept)
  }

  /** The order of the reads is what makes the bounds hold. */
  sample(atMs: number): SpendingSample {
    const { tally, clock } = this.memory
    const least = tally.spent(this.index)
    const taken = tally.taken(this.index)
    const { total, budgets } = this.account.status()
    const back = tally.backMost(this.index)
    const most = tally.spentMost(this.index)
    return {
      atMs,
      wallMs: clock.nowMs(),
      total,
      least,
      most,
      ...(this.isLasting ? { committedLeast: taken - back } : {}),
      budgets,
    }
  }

  evidence(members: readonly Member[], atEnd: SpendingSample): SpendingAccount {
    const { tally } = this.memory
    const threads = members.map(({ worker }) => tally.thread(worker, this.index))
    const samples = [...this.#samples, ...this.#contradictions].sort((one, other) => one.atMs - other.atMs)
    return {
      key: this.key,
      ...addCounts(threads),
      refusedCost: tally.refusedCost(this.index),
      threads,
      samples,
      samplesTaken: this.#taken,
      atEnd,
      afterExpiry: this.sample(atEnd.atMs),
    }
  }
}
