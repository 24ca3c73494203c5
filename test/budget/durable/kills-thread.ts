import { openSync, writeSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'
import { BudgetLedger, type LedgerHandle, type ReservationId } from '../../../src/budget.js'
import { seededRandom } from '../../../src/world/seeded-random.js'
import type { Kill } from './kills-process.js'
import { NOON, SetClock } from './rig.js'

const { handle, kill } = workerData as { handle: LedgerHandle; kill: Kill }
const account = BudgetLedger.attach(handle, { clock: new SetClock(NOON) }).account()
const random = seededRandom(kill.seed)
const below = (limit: number) => Math.floor(random.next() * limit)
const truth = openSync(kill.truth, 'a')
const HELD_MAX = 4

let stopped = false
parentPort?.once('message', () => {
  stopped = true
})

/** What is spent is written down before it is settled, in one piece, so a kill between the two leaves more here than there. */
function spend(id: ReservationId, actual: number): void {
  writeSync(truth, `${actual}\n`)
  account.settle(id, actual)
}

parentPort?.postMessage('spending')
const held: { id: ReservationId; amount: number }[] = []
while (!stopped) {
  const amount = 1 + below(60)
  const id = account.tryReserve(amount)
  if (id !== 0) held.push({ id, amount })
  if (held.length === HELD_MAX || (held.length > 0 && below(2) === 0)) {
    const [one] = held.splice(below(held.length), 1)
    if (one) spend(one.id, below(one.amount + 1))
  }
  if (below(4) === 0) await setImmediate()
}
for (const { id } of held) account.release(id)
