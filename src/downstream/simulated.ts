import type { Downstream, DownstreamError, DownstreamRequest, Situation } from '../downstream.js'
import { blockFor } from '../memory/parking.js'
import type { Plan } from '../plan.js'
import { monotonicClock } from '../world/clock.js'
import { seededRandom } from '../world/seeded-random.js'
import { type DueItem, DueQueue } from './due-queue.js'
import { type Failures, failuresFor } from './failures.js'
import { Fates } from './fate.js'

export interface DownstreamOptions {
  readonly situation: Situation
  readonly seed: number
  /** Where the HTTP server listens; needed for `http` alone. */
  readonly address?: string | undefined
  /** Called for each call that the simulated downstream receives; an HTTP server counts for itself. */
  readonly onReceived?: (stage: number) => void
}

/**
 * A downstream inside the worker: timers and seeded chance. With the same seed the nth call of a worker meets the same
 * fate, as long as it comes in the same stage and fault window.
 *
 * A call costs one promise and a place in the queue: records that hold a promise's ends are used again, and the errors
 * are made once.
 */
export class SimulatedDownstream implements Downstream {
  readonly #situation: Situation
  readonly #onReceived: ((stage: number) => void) | undefined
  readonly #fates: Fates
  readonly #failures: Failures
  readonly #timeoutMs: number
  readonly #queue = new DueQueue(monotonicClock, true)
  readonly #pool: CallPool

  constructor(plan: Plan, { situation, seed, onReceived }: DownstreamOptions) {
    this.#situation = situation
    this.#onReceived = onReceived
    this.#fates = new Fates(plan, situation, seededRandom(seed))
    this.#failures = failuresFor(plan.timeoutMs)
    this.#timeoutMs = plan.timeoutMs
    this.#pool = { free: [], most: plan.soak ? POOLED_IN_SOAK : Number.POSITIVE_INFINITY }
  }

  call(request: DownstreamRequest): Promise<void> {
    const failure = this.#receive(request)
    const call = this.#pool.free.pop() ?? new PendingCall(this.#pool)
    const ended = call.begin(failure)
    this.#queue.add(this.#queue.nowMs() + request.intendedMs, call)
    return ended
  }

  callBlocking(request: DownstreamRequest): void {
    const failure = this.#receive(request)
    if (request.intendedMs > 0) blockFor(request.intendedMs)
    if (failure) throw failure
  }

  /** What is still in flight ends as a reset. */
  async close(): Promise<void> {
    for (const call of this.#queue.clear() as PendingCall[]) call.cut(this.#failures.reset)
  }

  /** Sets how long the call is meant to take; returns how it is let down, if it is. */
  #receive(request: DownstreamRequest): DownstreamError | undefined {
    const stage = this.#situation.stage()
    this.#onReceived?.(stage)
    const fates = this.#fates
    fates.draw(stage)
    if (fates.kind === 'hang' || fates.latencyMs > this.#timeoutMs) {
      request.intendedMs = this.#timeoutMs
      return this.#failures.timeout
    }
    request.intendedMs = fates.latencyMs
    if (fates.kind === 'answer') return undefined
    return fates.kind === 'error' ? this.#failures.error : this.#failures.reset
  }
}

/** Calls that may be used again. A soak keeps few: as many as were ever in flight together would be what grows. */
interface CallPool {
  readonly free: PendingCall[]
  readonly most: number
}

const POOLED_IN_SOAK = 32

/** A call in flight: the two ends of its promise, and how it will end. Back in the pool when it has. */
class PendingCall implements DueItem {
  readonly #pool: CallPool
  #failure: DownstreamError | undefined
  #resolve: () => void = nothing
  #reject: (reason: DownstreamError) => void = nothing

  constructor(pool: CallPool) {
    this.#pool = pool
  }

  begin(failure: DownstreamError | undefined): Promise<void> {
    this.#failure = failure
    const ended = new Promise<void>(keepEnds)
    this.#resolve = lastResolve
    this.#reject = lastReject
    return ended
  }

  cut(failure: DownstreamError): void {
    this.#failure = failure
    this.fallDue()
  }

  fallDue(): void {
    const { free, most } = this.#pool
    if (free.length < most) free.push(this)
    const resolve = this.#resolve
    const reject = this.#reject
    // Or the pool would hold the promises of as many calls as were ever in flight together.
    this.#resolve = nothing
    this.#reject = nothing
    if (this.#failure) reject(this.#failure)
    else resolve()
  }
}

function nothing(): void {}

let lastResolve: () => void = nothing
let lastReject: (reason: DownstreamError) => void = nothing

/** One executor for all promises: it runs before the constructor returns, so its caller finds the ends here. */
function keepEnds(resolve: () => void, reject: (reason: DownstreamError) => void): void {
  lastResolve = resolve
  lastReject = reject
}
