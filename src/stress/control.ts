import type { MessagePort } from 'node:worker_threads'
import { type Endpoint, expose, type Remote, wrap } from 'comlink'
import { EngineError } from '../engine.js'
import type { CpuProfile, ProfilerKind } from '../profiler/cpu-profile.js'

/**
 * The control plane: what the coordinator asks of a worker now and then, over a `MessagePort`. Numbers never travel
 * here; they are in the arena.
 */
export interface WorkerControl {
  /** Begins a profile; answers with what the profiler has to say about it, if anything. */
  startProfile(kind: ProfilerKind, name: string): Promise<string | undefined>
  /** Stops and writes the profile; nothing if none runs. */
  stopProfile(file: string): Promise<void>
  /** After this the worker answers no more. */
  shutdown(): void
}

/** The worker's end. The profiler is loaded by the first call that needs it. */
export function answerControl(port: MessagePort): void {
  let profile: CpuProfile | undefined
  const control: WorkerControl = {
    async startProfile(kind, name) {
      const { startCpuProfile } = await import('../profiler/cpu-profile.js')
      const started = await startCpuProfile(kind, name)
      profile = started
      return started.note
    },
    async stopProfile(file) {
      const running = profile
      profile = undefined
      await running?.stop(file)
    },
    shutdown() {
      // The answer to this very call must leave first.
      setImmediate(() => port.close())
    },
  }
  expose(control, endpoint(port))
}

/** A hundred threads that start their profiles at once take seconds over it. */
const CALL_LIMIT_MS = 30_000

/** The coordinator's end. A call to a dead worker would hang for ever, so each is raced with its exit and a limit. */
export class ControlLine {
  readonly #remote: Remote<WorkerControl>
  readonly #port: MessagePort
  readonly #hungUp: Promise<never>
  #rejectAll: (reason: EngineError) => void = () => {}

  constructor(port: MessagePort) {
    this.#port = port
    this.#remote = wrap<WorkerControl>(endpoint(port))
    this.#hungUp = new Promise((_, reject) => {
      this.#rejectAll = reject
    })
    this.#hungUp.catch(() => {})
    port.unref()
  }

  async call<T>(ask: (remote: Remote<WorkerControl>) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_, reject) => {
      const silent = () =>
        reject(new EngineError('ERR_WORKER_SILENT', `a worker gave no answer in ${CALL_LIMIT_MS} ms`))
      timer = setTimeout(silent, CALL_LIMIT_MS)
    })
    try {
      return await Promise.race([ask(this.#remote), this.#hungUp, limit])
    } finally {
      clearTimeout(timer)
    }
  }

  /** The worker has ended, or soon will: calls that wait for it fail now. */
  hangUp(): void {
    this.#rejectAll(new EngineError('ERR_WORKER_SILENT', 'the worker has ended'))
    this.#port.close()
  }
}

/** Comlink's typings know the browser's ports only; Node's have all that it uses. */
function endpoint(port: MessagePort): Endpoint {
  return port as unknown as Endpoint
}
