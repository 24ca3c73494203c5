import { type ExhaustionCase, nobody, type Operation, type Place } from '../../exhaustion-case.js'
import { TaskThread } from '../tasks.js'
import { UsualWork } from '../usual-work.js'

/** Of a load worker: the engine's part of it takes some 15 MB. */
const WORKER_HEAP = { maxOldGenerationSizeMb: 28, maxYoungGenerationSizeMb: 4 }
/** The one worker that fills its own heap has so many calls under way before it does, each time. */
const CALLS_BEFORE_DEATH = 1
const DYING_SLOT = 0
const NUMBERS = 1000

/**
 * Each call hands a task to a thread whose heap is small. While memory is to be used up, tasks take all of it, so that their
 * threads die and the calls fail; and one worker fills its own heap and dies of it with all that it has in flight, again and again.
 *
 * Arrays of numbers only: a Map that grows would abort the process.
 */
class Hungry implements Operation {
  readonly #work: UsualWork
  readonly #tasks = new TaskThread()
  readonly #isDying: boolean
  readonly #kept: number[][] = []
  #exhaustedCalls = 0

  constructor({ folder, slot }: Place) {
    this.#work = new UsualWork(folder)
    this.#isDying = slot === DYING_SLOT
  }

  async run(isExhausted: boolean): Promise<void> {
    await this.#work.run()
    if (isExhausted && this.#isDying && this.#exhaustedCalls++ >= CALLS_BEFORE_DEATH) this.#fillOwnHeap()
    await this.#tasks.run(isExhausted)
  }

  close(): Promise<void> {
    return this.#tasks.close()
  }

  #fillOwnHeap(): never {
    for (;;) this.#kept.push(new Array<number>(NUMBERS).fill(0.5))
  }
}

const workerHeap: ExhaustionCase = {
  missing: () => undefined,
  workerHeap: WORKER_HEAP,
  open: async () => nobody,
  operation: (place) => new Hungry(place),
}

export default workerHeap
