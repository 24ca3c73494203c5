import { parentPort, workerData } from 'node:worker_threads'
import { type BudgetAccount, BudgetLedger, type LedgerHandle, type ReservationId } from '../../../src/budget.js'
import { accountKeys, Count, LEFT_AMOUNT, Long, SharedClock, Tally, type TallyHandle, Word } from './tally.js'

/** A thread that reserves and settles as fast as it can, until it is told to stop or is terminated. */
export interface Spending {
  readonly ledger: LedgerHandle
  readonly handle: TallyHandle
  /** Its own in the tally. */
  readonly row: number
  readonly seed: number
}

const { ledger: ledgerHandle, handle, row, seed } = workerData as Spending

/** Reservations that it holds at a time: so many are open when it dies. */
const HELD = 4
const LARGEST = 1_000_000
/** How far whoever is refused moves the clock: by and by a period ends, and some reservation expires while it is held. */
const REFUSED_MS = 500

interface Held {
  readonly account: number
  readonly id: ReservationId
  readonly amount: number
}

const tally = new Tally(handle)
const clock = new SharedClock(handle.longs)
const ledger = BudgetLedger.attach(ledgerHandle, { clock })
const accounts = accountKeys.map((key) => ledger.account(key))
const held: (Held | undefined)[] = Array.from({ length: HELD })
let state = seed | 1

/** Marsaglia's xorshift. */
function random(): number {
  state ^= state << 13
  state ^= state >>> 17
  state ^= state << 5
  return state >>> 0
}

function settle(account: number, id: ReservationId, actual: number): void {
  tally.begin(row, account, actual)
  const { inTime, overrun } = (accounts[account] as BudgetAccount).settle(id, actual)
  tally.end(row, account)
  tally.count(row, Count.pairs)
  if (!inTime) tally.count(row, Count.late)
  else if (overrun > 0) tally.count(row, Count.above)
}

/** Leaves a reservation for whichever thread comes by, or settles one that was left. */
function exchange(): void {
  const left = Atomics.exchange(handle.longs, Long.left, 0n)
  if (left !== 0n) {
    settle(0, Number(left), LEFT_AMOUNT)
    return
  }
  const id = (accounts[0] as BudgetAccount).tryReserve(LEFT_AMOUNT)
  if (id !== 0 && Atomics.compareExchange(handle.longs, Long.left, 0n, BigInt(id)) !== 0n) settle(0, id, LEFT_AMOUNT)
}

function reserveAndSettle(chance: number): void {
  const account = chance & 1
  const amount = 1 + (random() % LARGEST)
  const id = (accounts[account] as BudgetAccount).tryReserve(amount)
  if (id === 0) {
    tally.count(row, Count.refused)
    clock.pass(REFUSED_MS)
    return
  }
  const at = (chance >>> 8) % HELD
  const before = held[at]
  held[at] = { account, id, amount }
  if (!before) return
  if ((chance >>> 16) % 32 === 0) {
    ;(accounts[before.account] as BudgetAccount).release(before.id)
    tally.count(row, Count.released)
  } else {
    // Of the one account up to its estimate, of the other up to twice that.
    settle(before.account, before.id, random() % (before.amount * (before.account + 1) + 1))
  }
}

function park(): void {
  Atomics.add(handle.words, Word.parked, 1)
  Atomics.wait(handle.words, Word.pause, 1)
}

while (Atomics.load(handle.words, Word.stop) === 0) {
  if (Atomics.load(handle.words, Word.pause) === 1) park()
  for (let calls = 0; calls < 16; calls++) {
    const chance = random()
    if (chance % 64 === 0) exchange()
    else reserveAndSettle(chance)
  }
}
parentPort?.postMessage('ended')
ledger.detach()
