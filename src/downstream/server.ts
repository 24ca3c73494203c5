import { Worker } from 'node:worker_threads'
import { EngineError } from '../engine.js'
import type { Plan } from '../plan.js'

/** Where the server's thread finds the run in shared memory. */
export interface ServerMemory {
  readonly buffer: SharedArrayBuffer
  /** First cell of the run's gate. */
  readonly gateCell: number
  readonly stageCount: number
  /** First of `stageCount + 1` cells in which it counts the calls received: one a stage, the last for the drain. */
  readonly receivedCell: number
}

/** What the thread is started with. */
export interface ServerWorkerData extends ServerMemory {
  readonly plan: Plan
  readonly seed: number
}

/** What the thread answers, once. */
export type ServerAnswer = { readonly port: number } | { readonly code: string; readonly message: string }

export interface DownstreamServer {
  /** `http://127.0.0.1:<port>` */
  readonly address: string
  /** Set if the thread ended before `close`: calls since then met no server. */
  readonly failure: EngineError | undefined
  /** Ends the thread and every open connection; never rejects, and can be called again. */
  close(): Promise<void>
}

const START_LIMIT_MS = 10_000
const CLOSE_LIMIT_MS = 2000
const entry = new URL('../../workers/downstream.js', import.meta.url)

/** Starts the HTTP server in a thread of its own; resolves once it listens. */
export async function startDownstreamServer(plan: Plan, seed: number, memory: ServerMemory): Promise<DownstreamServer> {
  const workerData: ServerWorkerData = { plan, seed, ...memory }
  const worker = new Worker(entry, { workerData })
  try {
    const port = await listening(worker, plan.downstream.port)
    return new ServerThread(worker, `http://127.0.0.1:${port}`)
  } catch (error) {
    await worker.terminate()
    throw error
  }
}

class ServerThread implements DownstreamServer {
  readonly address: string
  failure: EngineError | undefined
  readonly #worker: Worker
  readonly #ended: Promise<void>
  #closing = false

  constructor(worker: Worker, address: string) {
    this.address = address
    this.#worker = worker
    let cause: Error | undefined
    worker.on('error', (error) => {
      cause = error
    })
    this.#ended = new Promise((resolve) => {
      worker.once('exit', (exitCode) => {
        if (!this.#closing) this.failure = diedError(exitCode, cause)
        resolve()
      })
    })
  }

  async close(): Promise<void> {
    this.#closing = true
    this.#worker.postMessage('close')
    const limit = setTimeout(() => void this.#worker.terminate(), CLOSE_LIMIT_MS)
    await this.#ended
    clearTimeout(limit)
  }
}

/** Its port, once the thread listens. Whichever comes first settles the promise; what follows finds it settled. */
function listening(worker: Worker, port: number): Promise<number> {
  let limit: NodeJS.Timeout | undefined
  return new Promise<number>((resolve, reject) => {
    let cause: Error | undefined
    limit = setTimeout(() => {
      reject(new EngineError('ERR_WORKER_START', `the downstream's thread did not listen within ${START_LIMIT_MS} ms`))
    }, START_LIMIT_MS)
    worker.once('message', (answer: ServerAnswer) => {
      if ('port' in answer) resolve(answer.port)
      else reject(listenError(answer.code, answer.message, port))
    })
    worker.once('error', (error) => {
      cause = error
    })
    worker.once('exit', (exitCode) => reject(diedError(exitCode, cause)))
  }).finally(() => clearTimeout(limit))
}

function listenError(code: string, message: string, port: number): EngineError {
  if (code === 'EADDRINUSE') {
    const advice = 'choose another with --port, or 0 to let the system choose'
    return new EngineError('ERR_PORT_IN_USE', `downstream.port ${port} is in use on 127.0.0.1; ${advice}`)
  }
  return new EngineError('ERR_WORKER_START', `the downstream cannot listen on 127.0.0.1:${port}: ${message}`)
}

function diedError(exitCode: number, cause: Error | undefined): EngineError {
  const why = cause ? cause.message : `exit code ${exitCode}`
  return new EngineError('ERR_WORKER_START', `the downstream's thread ended too early: ${why}`, { cause })
}
