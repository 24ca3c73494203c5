import type { MessagePort } from 'node:worker_threads'
import { type Endpoint, expose, type Remote, wrap } from 'comlink'
import { EngineError } from '../engine.js'
import type { ProfileKind } from '../plan.js'
import type { SnapshotTaken } from '../profiler/capture/heap-snapshot.js'
import type { ProfilerKind, RunningProfile } from '../profiler/capture/running-profile.js'
import type { Pauses } from '../profiler/pauses.js'
import type { HeapFigures, ResourceCounts } from '../profiler/resources.js'

/** Kinds that run beside the load; a heap is looked at in a rest. */
export type RunningKind = Exclude<ProfileKind, 'heap'>

/**
 * The control plane: what the coordinator asks of a thread now and then, of workers over a `MessagePort`, of its own
 * directly. Numbers of the load never travel here; they are in the arena.
 */
export interface ThreadControl {
  /** Begins a profile; answers with what the profiler has to say about it, if anything. */
  startProfile(kind: RunningKind, profiler: ProfilerKind, name: string): Promise<string | undefined>
  /** Stops and writes the profile; nothing if none runs. */
  stopProfile(kind: RunningKind, file: string): Promise<void>
  /** Forces a full collection; answers with how long the thread stood still, in milliseconds. */
  collectGarbage(): Promise<number>
  /** Writes a `.heapsnapshot`; the pause is told, and is not in any call's latency. */
  takeHeapSnapshot(file: string): Promise<SnapshotTaken>
  resources(): Promise<ResourceCounts>
  heap(): Promise<HeapFigures>
  /** Of common classes; nothing where Node can't count them. The pause is not in any call's latency. */
  objects(): Promise<Record<string, number> | undefined>
}

export interface WorkerControl extends ThreadControl {
  /** After this the worker answers no more. */
  shutdown(): void
}

/** The calling thread's own answers. What each needs is loaded by the first call that asks for it. */
export function threadControl(pauses: Pauses): ThreadControl {
  const running = new Map<RunningKind, RunningProfile>()
  return {
    async startProfile(kind, profiler, name) {
      const started = await start(kind, profiler, name)
      running.set(kind, started)
      return started.note
    },
    async stopProfile(kind, file) {
      const profile = running.get(kind)
      running.delete(kind)
      await profile?.stop(file)
    },
    async collectGarbage() {
      const { collectGarbage } = await import('../profiler/capture/garbage.js')
      return collectGarbage(pauses)
    },
    async takeHeapSnapshot(file) {
      const { takeHeapSnapshot } = await import('../profiler/capture/heap-snapshot.js')
      return takeHeapSnapshot(file, pauses)
    },
    async resources() {
      return (await import('../profiler/resources.js')).resourceCounts()
    },
    async heap() {
      return (await import('../profiler/resources.js')).heapFigures()
    },
    async objects() {
      const { objectCounts } = await import('../profiler/object-counts.js')
      return pauses.measure(objectCounts).value
    },
  }
}

async function start(kind: RunningKind, profiler: ProfilerKind, name: string): Promise<RunningProfile> {
  if (kind === 'cpu') return (await import('../profiler/capture/cpu-profile.js')).startCpuProfile(profiler, name)
  return (await import('../profiler/capture/allocation-profile.js')).startAllocationProfile(profiler)
}

/** The worker's end. */
export function answerControl(port: MessagePort, pauses: Pauses): void {
  const control: WorkerControl = {
    ...threadControl(pauses),
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

  /** `limitMs`: more than the usual for what is known to take long, as a snapshot of a large heap does. */
  async call<T>(ask: (remote: Remote<WorkerControl>) => Promise<T>, limitMs = CALL_LIMIT_MS): Promise<T> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<never>((_, reject) => {
      const silent = () => reject(new EngineError('ERR_WORKER_SILENT', `a worker gave no answer in ${limitMs} ms`))
      timer = setTimeout(silent, limitMs)
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
