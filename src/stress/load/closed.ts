import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { blockFor } from '../../memory/parking.js'
import { Outcome } from '../../target.js'
import { monotonicClock } from '../../world/clock.js'
import type { Session } from './session.js'

const LOOK_EVERY_MS = 5

/**
 * Closed load: a fixed number of clients, each with at most one request in flight; it starts the next when that has
 * ended. One clock read ends a call and begins the next. Ends when the run rests or drains, or is to go on with another number.
 */
export async function closedLoad(session: Session, clients: number): Promise<void> {
  if (clients === 0) await idleLoad(session)
  else await Promise.all(Array.from({ length: clients }, () => client(session)))
}

/** A worker for which no client is left while the level is so low. */
async function idleLoad(session: Session): Promise<void> {
  while (session.goesOn()) await sleep(LOOK_EVERY_MS)
}

/** A reference call fails as often as any; nobody is told. */
function ignored(): void {}

async function client(session: Session): Promise<void> {
  const { target, plan } = session
  const own = session.client()
  for (let nowMs = monotonicClock.nowMs(); session.start(nowMs); ) {
    if (session.isReference) {
      await own.body().catch(ignored)
      session.endReference(own)
      nowMs = monotonicClock.nowMs()
      continue
    }
    const sinceMs = nowMs
    const outcome = await target.call(own.body)
    nowMs = monotonicClock.nowMs()
    session.end(own, outcome, sinceMs, nowMs)
    if (outcome === Outcome.refused) {
      // Even a client that need not pause lets timers fire, or the circuit's own would never be heard.
      await (plan.pauseAfterRefusalMs > 0 ? sleep(plan.pauseAfterRefusalMs) : turn())
      nowMs = monotonicClock.nowMs()
    } else if (session.isStarving(nowMs)) {
      await turn()
      nowMs = monotonicClock.nowMs()
    }
  }
}

/**
 * Closed load that blocks: the thread is the one client. Now and then it lets the event loop turn, for a breaker that
 * relies on timers and for the control plane; a breaker without a synchronous form is awaited instead.
 */
export async function blockingClosedLoad(session: Session, clients: number): Promise<void> {
  if (clients === 0) return idleLoad(session)
  const { target, plan } = session
  const own = session.client()
  for (let nowMs = monotonicClock.nowMs(); session.start(nowMs); ) {
    if (session.isReference) {
      try {
        own.blockingBody()
      } catch {
        // As in the measured loop, where the breaker is told.
      }
      session.endReference(own)
      nowMs = monotonicClock.nowMs()
      continue
    }
    const sinceMs = nowMs
    const outcome = target.callBlocking
      ? target.callBlocking(own.blockingBody)
      : await target.call(async () => own.blockingBody())
    nowMs = monotonicClock.nowMs()
    session.end(own, outcome, sinceMs, nowMs)
    if (outcome === Outcome.refused) {
      blockFor(plan.pauseAfterRefusalMs)
      nowMs = monotonicClock.nowMs()
    }
    session.publish(nowMs)
    if (session.isTurnDue(nowMs)) {
      await turn()
      nowMs = monotonicClock.nowMs()
    }
  }
}
