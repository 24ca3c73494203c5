import { LATE, type LedgerEnd } from '../../budget/ledger/ledger-end.js'
import type { ReservationId } from '../../budget/ledger/reservations.js'
import type { Call, ThreadWorld } from '../../explore/program.js'
import type { Cells } from '../../memory/cells.js'

/** A thread's end of the shipped ledger, in the explorer. */
export interface LedgerSide {
  readonly end: LedgerEnd
  readonly world: ThreadWorld
  /** What was reserved before the threads began. */
  readonly reserved: readonly ReservationId[]
  /** Finishes for a thread of which it is known that it has died, as one thread more does too. Says whether there was any. */
  readonly buries: () => boolean
}

/** What a thread does with it; it returns what it settled, and what else its checks need to know. */
export interface LedgerAct {
  (side: LedgerSide, call: Call, cells: Cells): unknown
  /** What it settles, if it settles only once: so much is spent though it dies, once it has begun to. */
  readonly actual?: number
  /** Which of what was reserved before it settles, if it reserves nothing itself. */
  readonly of?: number
}

/** Reserves, and settles, releases (`r`) or forgets (`f`) it. Tells what became of it; − where it was refused. */
export function spends(amount: number, actual: number | 'r' | 'f', account = 0): LedgerAct {
  const act = ({ end }: LedgerSide) => endOf(end, end.reserve(account, amount), actual, account)
  return typeof actual === 'number' ? Object.assign(act, { actual }) : act
}

/** Settles, or releases (`r`), what was reserved before the threads began. */
export function ends(reserved: number, actual: number | 'r'): LedgerAct {
  const act = ({ end, reserved: ids }: LedgerSide) => endOf(end, ids[reserved] as ReservationId, actual)
  return typeof actual === 'number' ? Object.assign(act, { actual, of: reserved }) : act
}

export function endOf(end: LedgerEnd, id: ReservationId, actual: number | 'r' | 'f', account = 0): string {
  if (id === 0) return '-'
  if (actual === 'f') return 'f'
  if (actual === 'r') return end.settle(id, 0) === LATE ? 'l' : 'r'
  if (end.settle(id, actual) !== LATE) return `s${actual}`
  end.charge(account, actual)
  return `l s${actual}`
}

/** Ends what has expired, which before its time is nothing. */
export const expires: LedgerAct = ({ end }) => (end.expire() ? 'expired' : 'nothing')

/** Looks once whether somebody has died, and finishes for it. */
export const buries: LedgerAct = (side) => (side.buries() ? 'buried' : 'nobody died')
