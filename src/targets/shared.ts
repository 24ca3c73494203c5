import type { BreakerOptions } from '../breaker/options.js'
import { type BreakerHandle, SharedCircuitBreaker } from '../breaker/shared-circuit-breaker.js'
import type { Transition } from '../breaker/transition-feed.js'
import type { TransitionRecord } from '../evidence.js'
import type { BreakerPlan } from '../plan.js'
import { type AttachedTarget, type CircuitObservation, Outcome, type PreparedTarget, type Target } from '../target.js'

/** Busbar's own breaker: one circuit for all workers. Driven by the two-step call, whose reports say what became of a result. */
const shared: Target = {
  name: 'shared',
  description: 'one SharedCircuitBreaker for all workers',
  view: 'shared',
  prepare,
  attach,
}

export default shared

function prepare(plan: BreakerPlan, workers: number): PreparedTarget {
  const breaker = SharedCircuitBreaker.create({ name: 'under-test', ...optionsOf(plan), maxThreads: workers + 8 })
  const transitions: TransitionRecord[] = []
  let lost = 0
  breaker.onTransition((transition) => {
    lost += transition.lost
    transitions.push(recordOf(transition))
  })
  return {
    handle: breaker.handle,
    observe: (): CircuitObservation => {
      const { state, total } = breaker.snapshot()
      return { state, transitions, lost, outcomes: total }
    },
    close: () => breaker.detach(),
  }
}

function optionsOf(plan: BreakerPlan): Omit<BreakerOptions, 'name' | 'maxThreads'> {
  const { slidingWindow, ...rest } = plan
  return { slidingWindow, ...rest }
}

function recordOf({ from, to, epoch, atMs, thread }: Transition): TransitionRecord {
  return { from, to, epoch, atMs, by: thread }
}

interface Probes {
  epoch: number
  admitted: number
  returned: number
}

function attach(handle: unknown): AttachedTarget {
  const breaker = SharedCircuitBreaker.attach(handle as BreakerHandle)
  const probes: Probes[] = []

  function noteProbe(permission: number): void {
    const epoch = breaker.epochOf(permission)
    const latest = probes.at(-1)
    if (latest?.epoch === epoch) latest.admitted += 1
    else probes.push({ epoch, admitted: 1, returned: 0 })
  }

  function take(): number {
    const permission = breaker.tryAcquirePermission()
    if (breaker.isProbe(permission)) noteProbe(permission)
    return permission
  }

  return {
    async call(body) {
      const permission = take()
      if (permission === 0) return Outcome.refused
      try {
        await body()
      } catch (error) {
        return breaker.onError(permission, error) ? Outcome.error : Outcome.stale
      }
      return breaker.onSuccess(permission) ? Outcome.success : Outcome.stale
    },
    callBlocking(body) {
      const permission = take()
      if (permission === 0) return Outcome.refused
      try {
        body()
      } catch (error) {
        return breaker.onError(permission, error) ? Outcome.error : Outcome.stale
      }
      return breaker.onSuccess(permission) ? Outcome.success : Outcome.stale
    },
    state: () => breaker.state,
    observe: () => ({ state: breaker.state, transitions: [], lost: 0, probes }),
    detach: () => breaker.detach(),
  }
}
