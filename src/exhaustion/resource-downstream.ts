import { setTimeout as sleep } from 'node:timers/promises'
import { type Downstream, DownstreamError, type DownstreamRequest, type Situation } from '../downstream.js'
import { EngineError } from '../engine.js'
import type { Operation } from '../exhaustion-case.js'
import type { Plan } from '../plan.js'
import { monotonicClock } from '../world/clock.js'
import { caseOf } from './case-of.js'
import type { Address } from './resources.js'
import { Signs } from './signs.js'

/** What still runs when a worker is done gets so long to end: a file that it makes would be left behind. */
const CLOSE_LIMIT_MS = 2000
const LOOK_EVERY_MS = 10

export interface ResourceOptions {
  readonly situation: Situation
  readonly onReceived: (stage: number) => void
  /** What `Resources` told. */
  readonly address: string | undefined
  readonly slot: number
}

/** The downstream of a case: each call uses the machine's own files, sockets, threads and processors. */
export async function openResourceDownstream(plan: Plan, options: ResourceOptions): Promise<ResourceDownstream> {
  const [name] = plan.exhaustion?.cases ?? []
  if (name === undefined || options.address === undefined) {
    throw new EngineError('ERR_PLAN', 'downstream.kind is "resources", but no case of exhaustion was given')
  }
  const { folder, ports }: Address = JSON.parse(options.address)
  const signs = new Signs()
  const { slot } = options
  const place = { folder, ports, slot, timeoutMs: plan.timeoutMs, sign: (sign: string) => signs.note(sign) }
  return new ResourceDownstream(plan, options, (await caseOf(name)).operation(place), signs)
}

class ResourceDownstream implements Downstream {
  readonly #plan: Plan
  readonly #options: ResourceOptions
  readonly #operation: Operation
  readonly #signs: Signs
  readonly #timeout: DownstreamError
  #running = 0

  constructor(plan: Plan, options: ResourceOptions, operation: Operation, signs: Signs) {
    this.#plan = plan
    this.#options = options
    this.#operation = operation
    this.#signs = signs
    this.#timeout = new DownstreamError('timeout', `took longer than ${plan.timeoutMs} ms`)
  }

  get signs(): Readonly<Record<string, number>> {
    return this.#signs.counts
  }

  async call(request: DownstreamRequest): Promise<void> {
    const stage = this.#options.situation.stage()
    this.#options.onReceived(stage)
    const isExhausted = this.#plan.stages[stage]?.role === 'outage'
    const sinceMs = monotonicClock.nowMs()
    try {
      await this.#within(this.#run(isExhausted))
      // A timer that should have ended it may have been as late as the call itself.
      if (monotonicClock.nowMs() - sinceMs > this.#plan.timeoutMs) throw this.#timeout
    } finally {
      // A resource means to take whatever it takes.
      request.intendedMs = monotonicClock.nowMs() - sinceMs
    }
  }

  callBlocking(): void {
    throw new EngineError('ERR_PLAN', 'downstream.kind "resources" does not go with operation "blocking"')
  }

  async close(): Promise<void> {
    for (let waitedMs = 0; this.#running > 0 && waitedMs < CLOSE_LIMIT_MS; waitedMs += LOOK_EVERY_MS) {
      await sleep(LOOK_EVERY_MS)
    }
    await this.#operation.close()
  }

  async #run(isExhausted: boolean): Promise<void> {
    this.#running += 1
    try {
      await this.#operation.run(isExhausted)
    } catch (error) {
      this.#signs.noteError(error)
      throw error
    } finally {
      this.#running -= 1
    }
  }

  #within(call: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#timeout), this.#plan.timeoutMs)
    })
    return Promise.race([call, limit]).finally(() => clearTimeout(timer))
  }
}
