import { Pool } from 'undici'
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

  async call(request: DownstreamRequest): Promise<void> {
    const abandon = new AbortController()
    const timer = setTimeout(() => abandon.abort(), this.#timeoutMs)
    let status: number
    try {
      const response = await this.#pool.request({ method: 'GET', path: '/', signal: abandon.signal })
      status = response.statusCode
      request.intendedMs = Number(response.headers[INTENDED_HEADER] ?? 0)
      await response.body.dump()
    } catch (error) {
      request.intendedMs = abandon.signal.aborted ? this.#timeoutMs : 0
      throw abandon.signal.aborted ? this.#failures.timeout : connectionFailure(error)
    } finally {
      clearTimeout(timer)
    }
    if (status >= 500) throw this.#failures.error
  }

  callBlocking(): void {
    throw blockingOverHttp()
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }
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
