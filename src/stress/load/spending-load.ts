import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { Outcome } from '../../target.js'
import { monotonicClock } from '../../world/clock.js'
import type { Purse } from './purse.js'
import type { Session } from './session.js'

const WARM_UP = 0
const CALLS = 1

/**
 * Closed load of calls that cost money. Before each a client asks for what it may cost; a call that no budget has room for is not made, and
 * is none of the breaker's. One that succeeds is paid for; of one that fails, or that the circuit refuses, nothing is.
 */
export async function spendingLoad(session: Session, clients: number, purse: Purse): Promise<void> {
  await Promise.all(Array.from({ length: clients }, () => client(session, purse)))
}

async function client(session: Session, purse: Purse): Promise<void> {
  const { target, plan } = session
  const own = session.client()
  let overMs = Number.POSITIVE_INFINITY
  /** Once the load is over, as long as a call may still take. */
  const goesOn = () => {
    if (session.goesOn()) return true
    overMs = Math.min(overMs, monotonicClock.nowMs())
    return monotonicClock.nowMs() - overMs < plan.timeoutMs
  }
  for (let nowMs = monotonicClock.nowMs(); session.take(nowMs); ) {
    overMs = Number.POSITIVE_INFINITY
    const spending = await purse.ask(session.isWarmUp ? WARM_UP : CALLS, nowMs, goesOn)
    nowMs = monotonicClock.nowMs()
    if (!spending) {
      await (plan.pauseAfterRefusalMs > 0 ? sleep(plan.pauseAfterRefusalMs) : turn())
      nowMs = monotonicClock.nowMs()
      continue
    }
    session.countStarted()
    const sinceMs = nowMs
    const outcome = await target.call(own.body)
    if (outcome !== Outcome.refused && own.failure === undefined) purse.pay(spending)
    else purse.giveBack(spending)
    nowMs = monotonicClock.nowMs()
    session.end(own, outcome, sinceMs, nowMs)
    if (outcome === Outcome.refused) await sleep(plan.pauseAfterRefusalMs)
    else if (session.isStarving(nowMs)) await turn()
    nowMs = monotonicClock.nowMs()
  }
}
