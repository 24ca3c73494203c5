import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises'
import { monotonicClock } from '../../world/clock.js'
import type { Arrivals } from './arrivals.js'
import type { Client, Session } from './session.js'

/**
 * Open load: each request starts when it is due (see arrivals.ts), whether or not earlier ones have ended, and latency counts
 * from that time. A worker that was late starts all that are due at once, so a stall shows in the latency of every request that
 * it delayed (no coordinated omission).
 *
 * Limits: timers fire to the millisecond, so up to about one millisecond of each latency is the pacer's. A worker has
 * at most 10,000 requests in flight; arrivals beyond that are dropped and counted.
 */
const IN_FLIGHT_MAX = 10_000
/** A pool as large as the highest peak would be what grows in a soak. */
const SOAK_IDLE_MAX = 32
const LONGEST_SLEEP_MS = 20

export async function openLoad(session: Session, arrivals: Arrivals): Promise<void> {
  const idle: Client[] = []
  const idleMax = session.plan.soak ? SOAK_IDLE_MAX : IN_FLIGHT_MAX
  let inFlight = 0
  let failure: unknown
  let wakeDrained: (() => void) | undefined

  const request = async (intendedMs: number, isReference: boolean) => {
    const client = idle.pop() ?? session.client()
    inFlight += 1
    try {
      if (isReference) {
        await client.body().catch(() => {})
        session.endReference(client)
      } else {
        const outcome = await session.target.call(client.body)
        session.end(client, outcome, intendedMs, monotonicClock.nowMs())
      }
    } catch (error) {
      failure = error
    }
    inFlight -= 1
    if (idle.length < idleMax) idle.push(client)
    if (inFlight === 0) wakeDrained?.()
  }

  while (failure === undefined) {
    const nowMs = monotonicClock.nowMs()
    const dueMs = arrivals.nextMs()
    if (nowMs < dueMs) {
      if (!session.goesOn()) break
      await sleep(Math.min(Math.max(1, dueMs - nowMs), LONGEST_SLEEP_MS))
    } else if (inFlight >= IN_FLIGHT_MAX) {
      session.journal.countDropped()
      arrivals.take()
    } else {
      if (!session.start(nowMs)) break
      void request(dueMs, session.isReference)
      arrivals.take()
    }
    if (session.isStarving(nowMs)) await turn()
  }
  if (inFlight > 0) await new Promise<void>((resolve) => (wakeDrained = resolve))
  if (failure !== undefined) throw failure
}

/** As `openLoad` for a body that blocks: the worker works off its arrivals in order, and those that waited show it. */
export async function blockingOpenLoad(session: Session, arrivals: Arrivals): Promise<void> {
  const { target } = session
  const client = session.client()
  for (;;) {
    let nowMs = monotonicClock.nowMs()
    const dueMs = arrivals.nextMs()
    if (nowMs < dueMs) {
      if (!session.goesOn()) return
      await sleep(Math.min(Math.max(1, dueMs - nowMs), LONGEST_SLEEP_MS))
    } else {
      if (!session.start(nowMs)) return
      if (session.isReference) bareBlocking(session, client)
      else {
        const outcome = target.callBlocking
          ? target.callBlocking(client.blockingBody)
          : await target.call(async () => client.blockingBody())
        session.end(client, outcome, dueMs, monotonicClock.nowMs())
      }
      nowMs = monotonicClock.nowMs()
      arrivals.take()
    }
    session.publish(nowMs)
    if (session.isTurnDue(nowMs)) await turn()
  }
}

function bareBlocking(session: Session, client: Client): void {
  try {
    client.blockingBody()
  } catch {
    // As in the measured loop, where the breaker is told.
  }
  session.endReference(client)
}
