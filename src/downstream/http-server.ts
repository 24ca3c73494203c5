import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Situation } from '../downstream.js'
import type { Plan } from '../plan.js'
import { seededRandom } from '../world/seeded-random.js'
import { type DueItem, DueQueue } from './due-queue.js'
import { Fates } from './fate.js'
import { INTENDED_HEADER } from './http.js'

export interface ServerOptions {
  readonly situation: Situation
  readonly seed: number
  /** Called for each request as it arrives, before its fate is known. */
  readonly onReceived: (stage: number) => void
}

/** Connections that may wait to be accepted: a load opens all of its own at once. */
const BACKLOG = 4096

/**
 * The HTTP server's side, in whatever thread calls it. Requests arrive in an order that nobody seeds, so the seed
 * repeats the shares of the fates, not which request meets which.
 */
export class HttpServer {
  readonly #server: Server
  readonly #queue = new DueQueue()
  readonly #fates: Fates
  readonly #options: ServerOptions

  private constructor(plan: Plan, options: ServerOptions) {
    this.#options = options
    this.#fates = new Fates(plan, options.situation, seededRandom(options.seed))
    this.#server = createServer((_request, response) => this.#receive(response))
    // The server never ends an idle connection: a client that had just chosen it would see a reset that nobody scripted.
    this.#server.keepAliveTimeout = 0
    this.#server.requestTimeout = 0
  }

  /** Resolves once it listens on loopback; rejects with the system's error, such as `EADDRINUSE`. */
  static listen(plan: Plan, options: ServerOptions): Promise<HttpServer> {
    const http = new HttpServer(plan, options)
    return new Promise((resolve, reject) => {
      http.#server.once('error', reject)
      http.#server.listen({ host: '127.0.0.1', port: plan.downstream.port, backlog: BACKLOG }, () => resolve(http))
    })
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  /** Ends every connection, whatever waits on it. */
  close(): Promise<void> {
    this.#queue.clear()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }

  #receive(response: ServerResponse): void {
    const stage = this.#options.situation.stage()
    this.#options.onReceived(stage)
    this.#fates.draw(stage)
    const { kind, latencyMs } = this.#fates
    if (kind === 'reset') response.socket?.resetAndDestroy()
    else if (kind !== 'hang') {
      const status = kind === 'error' ? 503 : 200
      this.#queue.add(this.#queue.nowMs() + latencyMs, new PendingResponse(response, status, latencyMs))
    }
  }
}

class PendingResponse implements DueItem {
  constructor(
    readonly response: ServerResponse,
    readonly status: number,
    readonly latencyMs: number,
  ) {}

  fallDue(): void {
    // The client may have given up in the meantime.
    if (this.response.destroyed) return
    // What nobody looks at costs the server, and whoever measures against it, more than the rest of the answer.
    this.response.removeHeader('date')
    this.response.removeHeader('connection')
    this.response.writeHead(this.status, { [INTENDED_HEADER]: this.latencyMs.toFixed(4), 'content-length': 0 })
    this.response.end()
  }
}
