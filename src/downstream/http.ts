import { type Dispatcher, Pool } from 'undici'
import { type Downstream, DownstreamError, type DownstreamRequest } from '../downstream.js'
import { EngineError } from '../engine.js'
import type { Plan } from '../plan.js'
import { inFlightMax, rateMax } from '../stage-load.js'
import { type Failures, failuresFor } from './failures.js'

/** The server's word of how long it meant to take, in milliseconds. */
export const INTENDED_HEADER = 'x-intended-ms'

/** What one worker may open to the server; requests beyond it wait for a connection, and that wait counts as theirs. */
const CONNECTIONS_MAX = 4096

/** A real HTTP server, called by one worker over connections of its own. A call has a connection to itself while it lasts. */
export class HttpDownstream implements Downstream {
  readonly #pool: Pool
  readonly #failures: Failures
  readonly #timeoutMs: number

  constructor(plan: Plan, address: string) {
    this.#failures = failuresFor(plan.timeoutMs)
    this.#timeoutMs = plan.timeoutMs
    // undici's own timeouts are coarse, to the second; each call is abandoned by a timer of ours instead.
    this.#pool = new Pool(address, {
      connections: connectionsFor(plan),
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: { timeout: Math.max(1000, plan.timeoutMs) },
    })
  }

  call(request: DownstreamRequest): Promise<void> {
    return new Promise((resolve, reject) => {
      const exchange = new Exchange(request, this.#failures, this.#timeoutMs, resolve, reject)
      this.#pool.dispatch({ method: 'GET', path: '/' }, exchange)
    })
  }

  callBlocking(): void {
    throw blockingOverHttp()
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}

/**
 * One request and its answer. undici's `request` would make a stream of the answer's body, which nobody reads, and wants a signal to be
 * given up by: together they take more time than all else. These are the hooks that undici calls itself; around the newer ones, the
 * only ones in undici 8, it puts two objects a call and makes an object of all headers, of which one is looked at.
 */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: DownstreamRequest
  readonly #failures: Failures
  readonly #resolve: () => void
  readonly #reject: (failure: DownstreamError) => void
  readonly #timer: NodeJS.Timeout
  #abort: ((reason: Error) => void) | undefined
  #status = 0
  #isOver = false

  constructor(
    request: DownstreamRequest,
    failures: Failures,
    timeoutMs: number,
    resolve: () => void,
    reject: (failure: DownstreamError) => void,
  ) {
    this.#request = request
    this.#failures = failures
    this.#resolve = resolve
    this.#reject = reject
    request.intendedMs = 0
    this.#timer = setTimeout(() => {
      request.intendedMs = timeoutMs
      this.#end(failures.timeout)
      this.#abort?.(failures.timeout)
    }, timeoutMs)
  }

  onConnect(abort: (reason: Error) => void): void {
    this.#abort = abort
    // It waited for a connection longer than for an answer it may.
    if (this.#isOver) abort(this.#failures.timeout)
  }

  onHeaders(status: number, headers: readonly Buffer[]): boolean {
    this.#status = status
    if (!this.#isOver) this.#request.intendedMs = intendedIn(headers)
    return true
  }

  onData(): boolean {
    return true
  }

  onComplete(): void {
    this.#end(this.#status >= 500 ? this.#failures.error : undefined)
  }

  onError(error: Error): void {
    if (!this.#isOver) this.#request.intendedMs = 0
    this.#end(connectionFailure(error))
  }

  /** The first end is the call's; a request that was given up ends once more, when its connection does. */
  #end(failure?: DownstreamError): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    if (failure) this.#reject(failure)
    else this.#resolve()
  }
}

const intendedName = Buffer.from(INTENDED_HEADER, 'latin1')

/** Names and values by turns, as they came; the server's are in lower case. */
function intendedIn(headers: readonly Buffer[]): number {
  for (let at = 0; at + 1 < headers.length; at += 2) {
    if (intendedName.equals(headers[at] as Buffer)) return Number((headers[at + 1] as Buffer).toString('latin1'))
  }
  return 0
}

/** HTTP is asynchronous: a thread that blocks could never hear the answer. */
export function blockingOverHttp(): EngineError {
  return new EngineError(
    'ERR_PLAN',
    'downstream.kind "http" does not go with operation "blocking"; allowed: kind "simulated", or operation "async"',
  )
}

/** A reset, with the word that the system or undici has for what befell the connection. */
function connectionFailure(error: unknown): DownstreamError {
  const { code, message } = error as NodeJS.ErrnoException
  return new DownstreamError('reset', `the connection to the downstream failed: ${code ?? message}`)
}

/** Enough for all that may be in flight: given by a closed load; by an open one, all that arrive within a timeout. */
function connectionsFor(plan: Plan): number {
  const { timeoutMs, workers } = plan
  const inFlight = plan.load.model === 'closed' ? inFlightMax(plan) : (rateMax(plan) * timeoutMs) / 1000
  return Math.min(CONNECTIONS_MAX, Math.ceil(inFlight / workers) + 1)
}
