import type { BreakerPlan } from '../../src/plan.js'
import { type AttachedTarget, Outcome, type Target } from '../../src/target.js'

/** Four calls, half of them failed, open the circuit for 30 ms. */
export const exampleBreaker: BreakerPlan = {
  slidingWindow: { type: 'time', durationMs: 10_000, buckets: 10 },
  failureRateThreshold: 0.5,
  minimumCalls: 4,
  waitDurationInOpenStateMs: 30,
  permittedNumberOfCallsInHalfOpenState: 1,
}

export function attach(target: Target, breaker = exampleBreaker): AttachedTarget {
  return target.attach(target.prepare(breaker, 1).handle, breaker)
}

export const succeeds = async (): Promise<void> => {}

export const fails = async (): Promise<void> => {
  throw new Error('the body failed')
}

/** Calls until one is let through again, which it is once the open state has ended; gives up after 5 s. */
export async function untilLetThrough(attached: AttachedTarget, body: () => Promise<void>): Promise<Outcome> {
  for (let attempt = 0; attempt < 1000; attempt++) {
    const outcome = await attached.call(body)
    if (outcome !== Outcome.refused) return outcome
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new Error('refused for 5 s')
}

export async function callTimes(attached: AttachedTarget, times: number, body: () => Promise<void>) {
  const outcomes: Outcome[] = []
  for (let call = 0; call < times; call++) outcomes.push(await attached.call(body))
  return outcomes
}
