import type { BreakerHandle } from './breaker/handle.js'
import { SharedCircuitBreaker } from './breaker/shared-circuit-breaker.js'
import { AtomicCells } from './memory/atomic-cells.js'
import type { BreakerPlan } from './plan.js'
import { type AttachedTarget, Outcome, type PreparedTarget, type Target } from './target.js'

/**
 * A target that the soak must catch, or one that it must let pass although it grows. One file in `targets/leaking/`,
 * default export; a soak is worth only as much as its answers on these.
 */
export interface LeakingTarget extends Target {
  /** Who must be found guilty; absent for an innocent one. */
  readonly guilt?: Guilt
}

export interface Guilt {
  /** The class of what piles up, as Chrome calls it; of what V8 keeps for itself, the class of what that holds. */
  readonly className: string
  /** The field that holds it, with its owner, as it stands in the retainer path: `AuditTrail.calls`. */
  readonly field: string
}

/** Called with each call that was let through, by its number in this thread, before the backend is asked. */
export type Beside = (call: number) => void

export interface LeakingParts {
  readonly name: string
  readonly description: string
  readonly guilt?: Guilt
  /** Makes what one worker does beside its calls; workers are numbered as they come, from 0. */
  beside(worker: number): Beside
  /** For what can only be done around a call. */
  around?(body: () => Promise<void>): Promise<void>
}

interface Handle {
  readonly breaker: BreakerHandle
  readonly workers: SharedArrayBuffer
}

/** A shared breaker that works as it should, with something beside each call that may not. */
export function leakingTarget({ name, description, guilt, beside, around }: LeakingParts): LeakingTarget {
  return {
    name,
    description,
    ...(guilt ? { guilt } : {}),
    view: 'shared',
    prepare,
    attach(handle) {
      const { breaker, workers } = handle as Handle
      return attached(SharedCircuitBreaker.attach(breaker), beside(new AtomicCells(workers).add(0, 1)), around)
    },
  }
}

function prepare(plan: BreakerPlan, workers: number): PreparedTarget {
  const breaker = SharedCircuitBreaker.create({ name: 'leaking', ...plan, maxThreads: workers + 8 })
  const handle: Handle = { breaker: breaker.handle, workers: AtomicCells.allocate(1).buffer }
  return {
    handle,
    observe() {
      const { state, total } = breaker.snapshot()
      const { success, error, ignored, refused, stale } = total
      return { state, transitions: [], lost: 0, outcomes: { success, error, ignored, refused, stale } }
    },
    close: () => breaker.detach(),
  }
}

function attached(
  breaker: SharedCircuitBreaker,
  beside: Beside,
  around: LeakingParts['around'] = (body) => body(),
): AttachedTarget {
  let calls = 0
  return {
    async call(body) {
      const permission = breaker.tryAcquirePermission()
      if (permission === 0) return Outcome.refused
      beside(calls++)
      try {
        await around(body)
      } catch (error) {
        return breaker.onError(permission, error) ? Outcome.error : Outcome.stale
      }
      return breaker.onSuccess(permission) ? Outcome.success : Outcome.stale
    },
    state: () => breaker.state,
    observe: () => ({ state: breaker.state, transitions: [], lost: 0 }),
    detach: () => breaker.detach(),
  }
}
