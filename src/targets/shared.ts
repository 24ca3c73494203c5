import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { threadId } from 'node:worker_threads'
import { diagnosticsChannels } from '../breaker/events/diagnostics.js'
import type { Transition } from '../breaker/events/transition-feed.js'
import type { BreakerHandle } from '../breaker/handle.js'
import type { BreakerOptions } from '../breaker/options.js'
import { SharedCircuitBreaker } from '../breaker/shared-circuit-breaker.js'
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
      const { state, total, threads } = breaker.snapshot()
      const { success, error, ignored, refused, stale } = total
      const slotsHeld = threads.filter((thread) => thread.threadId !== undefined && thread.threadId !== threadId).length
      return { state, transitions, lost, outcomes: { success, error, ignored, refused, stale }, slotsHeld }
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
  settled: number
}

function attach(handle: unknown): AttachedTarget {
  const breaker = SharedCircuitBreaker.attach(handle as BreakerHandle)
  const probes: Probes[] = []
  const transitions: TransitionRecord[] = []
  // What is published in this thread is what this thread did, told before it does anything else: none of it can be overtaken.
  const note = (transition: unknown): void => {
    transitions.push(recordOf(transition as Transition))
  }
  subscribe(diagnosticsChannels.transition, note)

  function noteProbe(permission: number): void {
    const epoch = breaker.epochOf(permission)
    const latest = probes.at(-1)
    if (latest?.epoch === epoch) latest.admitted += 1
    else probes.push({ epoch, admitted: 1, returned: 0, settled: 0 })
  }

  function take(): number {
    const permission = breaker.tryAcquirePermission()
    if (breaker.isProbe(permission)) noteProbe(permission)
    return permission
  }

  function noteSettled(permission: number): void {
    if (!breaker.isProbe(permission)) return
    const epoch = breaker.epochOf(permission)
    const life = probes.findLast((probe) => probe.epoch === epoch)
    if (life) life.settled += 1
  }

  function succeeded(permission: number): Outcome {
    noteSettled(permission)
    return breaker.onSuccess(permission) ? Outcome.success : Outcome.stale
  }

  function failed(permission: number, error: unknown): Outcome {
    noteSettled(permission)
    return breaker.onError(permission, error) ? Outcome.error : Outcome.stale
  }

  return {
    async call(body) {
      const permission = take()
      if (permission === 0) return Outcome.refused
      try {
        await body()
      } catch (error) {
        return failed(permission, error)
      }
      return succeeded(permission)
    },
    callBlocking(body) {
      const permission = take()
      if (permission === 0) return Outcome.refused
      try {
        body()
      } catch (error) {
        return failed(permission, error)
      }
      return succeeded(permission)
    },
    state: () => breaker.state,
    observe: () => ({ state: breaker.state, transitions, lost: 0, probes }),
    detach() {
      unsubscribe(diagnosticsChannels.transition, note)
      breaker.detach()
    },
  }
}
