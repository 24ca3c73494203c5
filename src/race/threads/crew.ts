import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import type { RaceAnswers, RaceTask } from '../task.js'

const DESTROY_LIMIT_MS = 10_000

/** The worker threads of `busbar race`, owned by Piscina: one task a thread at a time. */
export class Crew {
  readonly #piscina: Piscina

  constructor(
    threads: number,
    private readonly signal: AbortSignal,
  ) {
    this.#piscina = new Piscina({
      filename: fileURLToPath(new URL('../../../workers/race.js', import.meta.url)),
      minThreads: threads,
      maxThreads: threads,
      concurrentTasksPerWorker: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      recordTiming: false,
    })
    // A thread that fails without a task has nobody else to tell; its tasks reject.
    this.#piscina.on('error', () => {})
  }

  /** Rejects when the task fails, or was not done after so long: then its thread is ended, and another takes its place. */
  async run<Kind extends RaceTask['kind']>(
    task: RaceTask & { readonly kind: Kind },
    limitMs: number,
  ): Promise<RaceAnswers[Kind]> {
    const limit = new AbortController()
    const timer = setTimeout(() => limit.abort(), limitMs)
    try {
      return await this.#piscina.run(task, { signal: AbortSignal.any([limit.signal, this.signal]) })
    } catch (error) {
      if (this.signal.aborted) throw new Error('interrupted')
      if (limit.signal.aborted) throw new Error(`not done after ${limitMs} ms`)
      throw error
    } finally {
      clearTimeout(timer)
    }
  }

  /** Ends all threads, whatever they do; waits for their exit, but not for ever. */
  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DESTROY_LIMIT_MS)
    })
    await Promise.race([this.#piscina.destroy(), limit])
    clearTimeout(timer)
  }
}
