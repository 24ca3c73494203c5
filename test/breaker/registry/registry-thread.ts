import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { BreakerRegistry, type RegistryHandle } from '../../../src/breaker/registry/breaker-registry.js'
import { AtomicCells } from '../../../src/memory/atomic-cells.js'
import { attempt, failing } from '../driver.js'

/** What a thread of these tests is told to do, one job after another; it answers each. */
export type Job =
  /** As soon as the gate's first cell is not 0, calls each of the breakers; answers where each of them is. */
  | {
      readonly do: 'call all'
      readonly names: readonly string[]
      readonly times: number
      readonly gate: SharedArrayBuffer
    }
  /** Answers, and then creates one breaker after another for as long as it lives and there is room. */
  | { readonly do: 'create on'; readonly prefix: string }
  /** Lets a call of a breaker fail. */
  | { readonly do: 'fail'; readonly name: string }
  /** Takes a permission and keeps it. */
  | { readonly do: 'take'; readonly name: string }

/** A worker thread with an end of its own of a registry: of that of the handle, or of the published one. */
export class RegistryThread {
  readonly worker: Worker

  constructor(handle: RegistryHandle | 'published') {
    this.worker = new Worker(new URL(import.meta.url), { workerData: { registry: handle } })
  }

  /** Tells the thread to do something, and gives its answer. */
  async run(job: Job): Promise<unknown> {
    const answer = once(this.worker, 'message')
    this.worker.postMessage(job)
    const [value] = await answer
    return value
  }

  /** Ends the thread wherever it is, and comes back once its exit was seen. */
  async terminate(): Promise<void> {
    const exited = once(this.worker, 'exit')
    await this.worker.terminate()
    await exited
  }
}

if (!isMainThread && parentPort && workerData?.registry) serve(workerData.registry)

function serve(handle: RegistryHandle | 'published'): void {
  const registry = handle === 'published' ? BreakerRegistry.find() : BreakerRegistry.attach(handle)
  parentPort?.on('message', (job: Job) => {
    if (job.do === 'create on') createOn(registry, job.prefix)
    else parentPort?.postMessage(perform(registry, job))
  })
}

function perform(registry: BreakerRegistry, job: Exclude<Job, { do: 'create on' }>): unknown {
  switch (job.do) {
    case 'call all':
      new AtomicCells(job.gate).wait(0, 0, 10_000)
      return job.names.map((name) => callTimes(registry, name, job.times))
    case 'fail':
      attempt(() => registry.breaker(job.name).executeSync(failing))
      return registry.breaker(job.name).state
    case 'take':
      return registry.breaker(job.name).tryAcquirePermission()
  }
}

function createOn(registry: BreakerRegistry, prefix: string): void {
  parentPort?.postMessage('begun')
  for (let count = 0; !(attempt(() => registry.breaker(`${prefix}-${count}`)) instanceof Error); count++);
}

function callTimes(registry: BreakerRegistry, name: string, times: number): number {
  for (let time = 0; time < times; time++) registry.breaker(name).executeSync(() => 'done')
  return registry.breaker(name).handle.firstCell
}
