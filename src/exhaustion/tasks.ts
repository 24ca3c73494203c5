import { Worker } from 'node:worker_threads'

/** What a task is asked; `isHungry`: it takes memory until there is none. */
export interface TaskMessage {
  readonly id: number
  readonly isHungry: boolean
}

const entry = new URL('../../workers/task.js', import.meta.url)
/** A thread with nothing in it has 4 MB. */
const HEAP = { maxOldGenerationSizeMb: 10, maxYoungGenerationSizeMb: 2 }

interface Waiting {
  readonly resolve: () => void
  readonly reject: (error: Error) => void
}

/** A thread of its own for tasks, with a small heap, as services have for what is heavy; the next task starts another if it died. */
export class TaskThread {
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #tasks = 0

  /** Rejects with the error that the thread dies of. */
  run(isHungry: boolean): Promise<void> {
    const id = this.#tasks++
    this.#worker ??= this.#start()
    const message: TaskMessage = { id, isHungry }
    this.#worker.postMessage(message)
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  async close(): Promise<void> {
    await this.#worker?.terminate()
  }

  #start(): Worker {
    const worker = new Worker(entry, { resourceLimits: HEAP })
    worker.on('message', (id: number) => {
      this.#waiting.get(id)?.resolve()
      this.#waiting.delete(id)
    })
    let cause: Error | undefined
    worker.on('error', (error: Error) => {
      cause = error
    })
    worker.once('exit', (code) => {
      if (this.#worker === worker) this.#worker = undefined
      const error = cause ?? new Error(`the task's thread ended with ${code}`)
      for (const { reject } of this.#waiting.values()) reject(error)
      this.#waiting.clear()
    })
    return worker
  }
}
