import { MessageChannel, type ResourceLimits } from 'node:worker_threads'
import { EngineError } from '../engine.js'
import type { ErrorRecord, WorkerEvidence } from '../evidence.js'
import type { Plan } from '../plan.js'
import type { BatonSide } from '../profiler/baton.js'
import type { Arena } from './arena.js'
import { ControlLine } from './control.js'
import type { Journal } from './journal.js'
import { errorRecord } from './load/session.js'
import type { LoadAnswer } from './load/worker-run.js'
import { WorkerPool } from './pool.js'
import type { SpendingHandle } from './spending/spending-memory.js'

const OUT_OF_MEMORY = 'ERR_WORKER_OUT_OF_MEMORY'

/** One worker task, from its start to its end. */
export interface Member {
  /** Index of its journal, by which reports name it. */
  readonly worker: number
  readonly slot: number
  readonly journal: Journal
  readonly control: ControlLine
  /** Its task has answered, or its thread is dead. */
  settled: boolean
  end?: WorkerEvidence['end']
  answer?: LoadAnswer
  error?: ErrorRecord
}

export interface CrewOptions {
  readonly plan: Plan
  readonly arena: Arena
  readonly workerFile: URL
  readonly handle: unknown
  readonly address?: string
  readonly spending?: SpendingHandle
  /** What the heap of each worker may hold; a worker that dies of it is replaced. */
  readonly workerHeap?: ResourceLimits
  readonly baton?: BatonSide
}

/** The workers of a run: started together, replaced when killed, and told apart by their journals. */
export class Crew {
  readonly members: Member[] = []
  readonly #options: CrewOptions
  readonly #pool: WorkerPool
  #unreplaced = 0

  constructor(options: CrewOptions) {
    this.#options = options
    this.#pool = new WorkerPool(options.workerFile, options.arena.shape.slots, options.workerHeap)
  }

  /** Resolves when all workers wait at the gate. Any that dies before ends the run: the tool failed. */
  async start(signal?: AbortSignal): Promise<void> {
    const { slots } = this.#options.arena.shape
    // A thread needs some 20 ms of a core to start; a busy machine may give it a tenth of one.
    const limitMs = 30_000 + 300 * slots
    for (let slot = 0; slot < slots; slot += 1) this.#join(slot)
    for (let waitedMs = 0; this.ready().length < slots; waitedMs += 5) {
      const dead = this.members.find((member) => member.end !== undefined)
      if (dead) {
        throw new EngineError(
          'ERR_WORKER_START',
          `worker ${dead.worker} ended at its start: ${dead.error?.message ?? 'no error was given'}`,
        )
      }
      if (waitedMs > limitMs) {
        const missing = slots - this.ready().length
        throw new EngineError('ERR_WORKER_START', `${missing} of ${slots} workers were not ready after ${limitMs} ms`)
      }
      if (signal?.aborted) throw new EngineError('ERR_INTERRUPTED', 'interrupted before the run began')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Whether any task goes on; a killed worker's counts until its thread is dead. */
  isWorking(): boolean {
    return this.members.some((member) => !member.settled)
  }

  /** Workers that died with nobody to take their place, as no journal was left for one. */
  get unreplaced(): number {
    return this.#unreplaced
  }

  /** Members that have not ended. */
  alive(): Member[] {
    return this.members.filter((member) => member.end === undefined)
  }

  /** Members that have attached and not ended. */
  ready(): Member[] {
    return this.alive().filter((member) => member.journal.threadId !== 0)
  }

  /** Terminates the member's thread in the middle of whatever it does; its successor joins as soon as there is a thread. */
  kill(member: Member): void {
    member.end = 'killed'
    void this.#pool.thread(member.journal.threadId)?.terminate()
  }

  /** Those that are still alive have not answered in time. */
  giveUp(limitMs: number): void {
    for (const member of this.alive()) {
      member.end = 'failed'
      member.error = {
        name: 'EngineError',
        code: 'ERR_WORKER_SILENT',
        message: `did not end within ${Math.round(limitMs)} ms of the drain`,
        worker: member.worker,
      }
    }
  }

  /** Ends all threads. After this nobody writes into the arena. */
  async disband(): Promise<void> {
    for (const { control } of this.members) control.hangUp()
    await this.#pool.destroy()
  }

  #join(slot: number): void {
    const { plan, arena, workerFile: _workerFile, ...rest } = this.#options
    const { port1, port2 } = new MessageChannel()
    const worker = this.members.length
    const journal = arena.journal(worker)
    const member: Member = { worker, slot, journal, control: new ControlLine(port1), settled: false }
    this.members.push(member)
    const task = { plan, buffer: arena.buffer, shape: arena.shape, slot, journal: worker, control: port2, ...rest }
    this.#pool.run(task, [port2]).then(
      (answer) => {
        member.settled = true
        member.answer = answer
        member.end ??= 'finished'
      },
      (error: unknown) => this.#ended(member, error),
    )
  }

  #ended(member: Member, error: unknown): void {
    const { arena, workerHeap } = this.#options
    member.settled = true
    member.control.hangUp()
    const record = errorRecord(error, { worker: member.worker })
    const diedByPlan = workerHeap !== undefined && record.code === OUT_OF_MEMORY
    if (diedByPlan) member.end ??= 'killed'
    if (member.end !== 'killed' || diedByPlan) member.error ??= record
    member.end ??= 'failed'
    if (member.end !== 'killed' || arena.gate.stage() >= arena.shape.stages) return
    if (this.members.length < arena.shape.journals) this.#join(member.slot)
    else this.#unreplaced += 1
  }
}
